import { z } from 'zod';
import { formatSlot } from '../../stages/formats/index.ts';
import { CONTEXT_TURNS } from '../../stages/formats/turn.ts';
import { shadowNameSchema } from '../../stages/judges/shadow-name.ts';
import { USER_TURNS } from '../../stages/lanes/recipe.ts';
import { agentNameSchema } from '../../stages/name-schemas.ts';
import { isWellFormed } from '../../stages/text/well-formed.ts';
import { trainingTypes } from '../../stages/training-types/index.ts';
import { isOfAnotherKind } from '../export/dataset-path.ts';
import type { PluginEntry } from '../plugins/plugin.ts';
import {
  agentSettings,
  apiKeyVariable,
  positive,
  someText,
  timeoutMs,
  tokenLimit,
  usdLimit,
  whole,
} from './agent-settings.ts';
import { embeddingSettings } from './embedding-settings.ts';
import { scoreRange, share } from './hold-settings.ts';
import { lookUpSettings } from './look-up-settings.ts';
import { researchSettings } from './research-settings.ts';
import { serverSettings } from './server-settings.ts';
import { shadowSettings } from './shadow-settings.ts';

/** Of ours: the schema is made before a plugin is loaded. */
function listed(names: Iterable<string>): string {
  return [...names].map((name) => `\`${name}\``).join(', ');
}

function perAgent<T extends z.ZodType>(value: T) {
  return z.partialRecord(agentNameSchema, value);
}

const label = z.string().refine(isWellFormed, 'expected whole characters').default('');
const usd = z.number().nonnegative();
const price = z.strictObject({
  input: usd,
  output: usd,
  cachedInput: usd.optional(),
  cacheWrite: usd.optional(),
  reasoning: usd.optional(),
});
const plugin = z.custom<PluginEntry>(
  (entry) => ['string', 'function', 'object'].includes(typeof entry) && entry !== null && entry !== '',
  'expected a plugin, a function that makes one, or the name of its module',
);

/** Every setting: its type, its default and its meaning. `docs/configuration.md` is made from it. */
export const settingsSchema = z.strictObject({
  namespace: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected a-z, 0-9 and -')
    .default('millrace')
    .describe('Prefix of the topics and name of the database: keeps datasets apart.'),
  data: someText
    .default('.millrace')
    .describe('Directory of the embedded engine, and of the journal and the log on each engine.'),

  leastFreeDiskMb: whole(0)
    .default(1_000)
    .describe(
      'Free space on the disk of `data` below which an alarm is raised, in MiB. Embedded engine only.',
    ),
  ...serverSettings,

  engine: someText
    .optional()
    .describe(
      'An engine that a plugin brings, by its name: it keeps log and store in place of the embedded one, or beside Kafka and MongoDB.',
    ),
  index: someText
    .optional()
    .describe('An index of documents that a plugin brings, by its name: sources are searched in it.'),
  httpToken: someText
    .optional()
    .describe(
      'The token that requests to `serve`, `run --ui` and `worker` must bring. Needed off loopback; on loopback one is made if none is set. Best set by its variable.',
    ),
  httpTokenFile: someText.optional().describe('A file that holds `httpToken` instead.'),
  maxBacklog: positive
    .optional()
    .describe('How many records may wait, over all stages, before `serve` refuses questions with 429.'),

  topic: label.describe('Subject of the questions that name none of their own.'),
  subTopic: label.describe('Narrower subject.'),
  trainingType: z
    .string()
    .default('sft')
    .describe(`${listed(trainingTypes.keys())}, or a type of a plugin.`),

  map: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Which column of an input is which part of a question: `{ "question": "instruction" }`. See [your data](your-data.md).',
    ),

  userTurn: z
    .enum(USER_TURNS)
    .optional()
    .describe(
      "The user's message of an example: `verbatim`, the question word for word, or `rephrase`, written anew by the model. If left out: as in the run before, which is said, and `verbatim` in new data.",
    ),

  language: z
    .string()
    .regex(
      /^[\p{L}\p{M}][\p{L}\p{M}\p{N} ()-]{1,59}$/u,
      'expected a tag such as de, or a name such as German',
    )
    .optional()
    .describe(
      'The language that is written, whatever that of the question: `de`, `pt-BR`, or a name; `{{language}}` in prompts. If left out: that of each question.',
    ),

  contextTurn: z
    .enum(CONTEXT_TURNS, 'expected none or before')
    .optional()
    .describe(
      "Where the source that a question brings stands in exports: `before` puts it in the user's message, before the question (`alpaca`: in `input`), `none` leaves it out. If left out: as a training type of your own says it, else `none`. No call depends on it.",
    ),

  batchSize: positive
    .max(10_000)
    .default(10)
    .describe('Calls in flight at once, per agent: a rolling window, not a barrier.'),
  concurrency: perAgent(positive.max(10_000))
    .default({})
    .describe('The same for single agents: `{ "research": 20 }`; as a flag `research=20,review=5`.'),

  ...agentSettings.shape,
  model: z
    .string()
    .default('gpt-4o-mini')
    .describe('The model of every agent; `NAME:MODEL` where a plugin brings the model provider NAME.'),
  apiKeyVariable: apiKeyVariable.default('OPENAI_API_KEY'),
  timeoutMs: timeoutMs.default(300_000),
  agents: perAgent(agentSettings)
    .default({})
    .describe('What differs for single agents: `{ "review": { "model": "…", "temperature": 0 } }`.'),
  prices: z
    .record(z.string(), price)
    .default({})
    .describe(
      'US dollars per million tokens by model, in place of the built-in prices: `{ "m": { "input": 1, "output": 2 } }`; optional `cachedInput`, `cacheWrite`, `reasoning`.',
    ),

  maxCost: usdLimit
    .optional()
    .describe('US dollars that one run may spend: no call that could exceed it is made.'),
  maxTokens: tokenLimit.optional().describe('Tokens, in and out, that one run may spend.'),
  shadowMaxCost: usdLimit
    .optional()
    .describe('US dollars that each shadow judge may spend in one run, beside `maxCost`.'),
  shadowMaxTokens: tokenLimit
    .optional()
    .describe('Tokens that each shadow judge may spend in one run, beside `maxTokens`.'),
  maxCostPerDay: usdLimit
    .optional()
    .describe('US dollars that all processes of one store together may spend in a day (UTC).'),
  maxTokensPerDay: tokenLimit
    .optional()
    .describe('Tokens that all processes of one store together may spend in a day (UTC).'),

  ...researchSettings,
  ...embeddingSettings,
  ...lookUpSettings,

  minScore: z.coerce
    .number()
    .min(1)
    .max(10)
    .default(7)
    .describe('The lowest score that passes, on every criterion.'),
  maxRevisions: whole(0, 100).default(1).describe('How often a rejected candidate goes back to generation.'),
  holdScores: scoreRange
    .optional()
    .describe(
      'The range of scores about which a person is asked, like `6..8`: the question waits on the review desk.',
    ),
  holdShare: share
    .optional()
    .describe('The random share of all verdicts that a person is asked about, like `2%`.'),
  prompts: z.string().optional().describe('Directory of prompt files in place of the built-in ones.'),
  shadows: z
    .record(shadowNameSchema, shadowSettings)
    .default({})
    .describe(
      'Judges that work beside the reviewer and change nothing: `{ "strict": { "model": "…" } }`; as a flag `strict=gpt-4o`. See [the shadow judge](shadow-judge.md).',
    ),

  plugins: z
    .array(plugin)
    .default([])
    .describe(
      'Training types, formats and other parts of your own: plugins, or names of modules (`./cards.ts`, `@me/cards`). Their code runs with your rights. See [extending](extending.md).',
    ),

  types: z
    .array(z.union([someText, z.record(z.string(), z.unknown())]))
    .default([])
    .describe(
      'Training types of your own that are data: files, patterns of files (`types/*.yaml`), or the definitions themselves. They travel to every worker. See [types](types.md).',
    ),

  maxAttempts: positive
    .max(100)
    .default(8)
    .describe('Calls for one work when failures may pass, the first included.'),
  maxContentAttempts: positive
    .max(20)
    .default(4)
    .describe('Calls for one work when answers are unusable, the first included.'),

  dryRun: z.boolean().default(false).describe('Use a simulated model: no cost, no training data.'),
  simulate: z
    .string()
    .optional()
    .describe('How the simulated model behaves: `latency=300ms,errors=5%,malformed=5%`. Implies `dryRun`.'),

  otlpEndpoint: z
    .url({ protocol: /^https?$/, error: 'expected a URL like http://localhost:4318' })
    .optional()
    .describe(
      'An OpenTelemetry collector that takes traces by OTLP over HTTP, `http://localhost:4318`. If left out: the variable `OTEL_EXPORTER_OTLP_ENDPOINT`, then no traces.',
    ),
  traceContent: z
    .boolean()
    .default(false)
    .describe('Write prompts and answers into the traces, for a collector that may see them.'),

  out: someText
    .refine((out) => out !== '-', 'expected a file: a dataset has its card beside it, and - is none')
    .refine(
      (out) => !isOfAnotherKind(out),
      'expected a name that ends in .jsonl or .parquet: examples are written as one of the two',
    )
    .default('dataset.jsonl')
    .describe('Where the examples go.'),
  format: z
    .string()
    .optional()
    .describe(
      `What the dataset is written as: ${listed(formatSlot.names)}, or a format of a plugin. If left out: \`openai\`, and where all examples are of one training type, the format that holds all of it. See [exports](exports.md).`,
    ),
  license: z.string().optional().describe('Licence that the dataset card names, such as `cc-by-4.0`.'),
});
export type Settings = Readonly<z.output<typeof settingsSchema>>;
export type SettingName = keyof Settings;

/** Settings as a person wrote them, before they are checked. */
export type RawSettings = Readonly<Record<string, unknown>>;
