import { z } from 'zod';
import { AGENT_STAGES } from '../../stages/stage-names.ts';

const positive = z.coerce.number().int().positive();
const perStage = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(AGENT_STAGES), value);

/** How one agent asks its model. What is left out is taken from the settings for all agents. */
const agentSettings = z.strictObject({
  model: z.string().min(1).optional(),
  baseUrl: z.url().optional(),
  /** The environment variable that holds the key. */
  apiKeyVariable: z.string().min(1).optional(),
  temperature: z.coerce.number().min(0).max(2).optional(),
  seed: z.coerce.number().int().optional(),
  /** The longest answer, in tokens. */
  maxTokens: positive.optional(),
  /** Time-out of one call, in milliseconds. */
  timeoutMs: positive.max(3_600_000).optional(),
  /** Sent with each request as it is. */
  extraBody: z.record(z.string(), z.unknown()).optional(),
});
export type AgentSettings = z.output<typeof agentSettings>;

const price = z.strictObject({
  /** US dollars per million tokens. */
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cachedInput: z.number().nonnegative().optional(),
});

/**
 * Every setting: its type, its default and its meaning. `millrace.config.{ts,json,yaml}` holds these names, a flag is
 * the name with hyphens, and an environment variable is `MILLRACE_` and the name in capitals.
 */
export const settingsSchema = z.strictObject({
  /** Prefix of the topics and name of the database: keeps datasets apart. */
  namespace: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected a-z, 0-9 and -')
    .default('millrace'),
  /** Directory of the embedded engine. */
  data: z.string().min(1).default('.millrace'),

  /** Subject of the questions that name none of their own. */
  topic: z.string().default(''),
  subTopic: z.string().default(''),
  trainingType: z.string().default('sft'),

  /** Calls at once, per agent: a rolling window, never a barrier. */
  batchSize: positive.max(10_000).default(10),
  /** Calls at once of single agents, such as `research=20,review=5`. */
  concurrency: perStage(positive.max(10_000)).default({}),

  /** The model of every agent. Without a key and a base URL, a simulated one. */
  model: z.string().default('gpt-4o-mini'),
  baseUrl: z.url().optional(),
  apiKeyVariable: z.string().min(1).default('OPENAI_API_KEY'),
  temperature: z.coerce.number().min(0).max(2).optional(),
  seed: z.coerce.number().int().optional(),
  maxTokens: positive.optional(),
  timeoutMs: positive.max(3_600_000).default(300_000),
  extraBody: z.record(z.string(), z.unknown()).optional(),
  /** What single agents do differently. */
  agents: perStage(agentSettings).default({}),
  /** Prices in US dollars per million tokens, by model; stand in for the built-in ones. */
  prices: z.record(z.string(), price).default({}),

  /** The lowest score, on every criterion, that passes review. */
  minScore: z.coerce.number().min(1).max(10).default(7),
  /** How often a rejected candidate goes back to generation. */
  maxRevisions: z.coerce.number().int().min(0).max(100).default(1),
  /** Directory of prompt files that stand in for the built-in ones. */
  prompts: z.string().optional(),

  /** Calls for a transient failure, the first included. */
  maxAttempts: positive.max(100).default(8),
  /** Calls for an unusable answer, the first included. */
  maxContentAttempts: positive.max(20).default(3),

  /** A simulated model: it costs nothing, and everything it makes says so. */
  dryRun: z.boolean().default(false),
  /** How the simulated model behaves, such as `latency=300ms,errors=5%`. */
  simulate: z.string().optional(),

  out: z.string().min(1).default('dataset.jsonl'),
  format: z.string().default('openai'),
  /** Licence that the dataset card names, such as `cc-by-4.0`. */
  license: z.string().optional(),
});
export type Settings = Readonly<z.output<typeof settingsSchema>>;
export type SettingsInput = z.input<typeof settingsSchema>;
export type SettingName = keyof Settings;
