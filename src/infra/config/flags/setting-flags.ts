import { type Command, Option } from 'commander';
import { formatSlot } from '../../../stages/formats/index.ts';
import { trainingTypes } from '../../../stages/training-types/index.ts';
import { type SettingName, settingsSchema } from '../settings.ts';

type SettingFlag = Readonly<{
  /** What stands behind the flag; absent: it is a switch. */
  value?: string;
  /** What it means to most commands. Its default stands behind, as the schema has it. */
  help: string | (() => string);
  /** Where it is not called like its setting. */
  name?: string;
  /** What happens without it, where the schema has no default that says so. */
  without?: string;
}>;

/** The settings that can be said on a command line. Name, default and check are those of the setting. */
const SETTING_FLAGS = {
  data: { value: '<dir>', help: 'directory of the embedded engine' },
  namespace: { value: '<name>', help: 'keeps datasets apart in one data directory' },
  kafka: { value: '<brokers>', help: 'host:port,…', without: 'the embedded log' },
  mongo: { value: '<uri>', help: 'mongodb://…', without: 'the embedded store' },
  partitions: { value: '<n>', help: 'partitions of a Kafka topic' },
  httpTokenFile: { value: '<file>', help: 'the token that requests must bring (or MILLRACE_HTTP_TOKEN)' },
  maxBacklog: { value: '<n>', help: 'refuse questions while this many records wait' },
  topic: { value: '<name>', help: 'subject of the questions that name none' },
  subTopic: { value: '<name>', help: 'narrower subject' },
  userTurn: { value: '<how>', help: () => 'verbatim: the question word for word, or rephrase' },
  trainingType: { value: '<name>', help: () => `one of ${[...trainingTypes.keys()].join(', ')}` },
  language: { value: '<name>', help: 'the language that is written: de', without: 'that of each question' },
  map: {
    value: '<list>',
    help: "which column is what: question=q,context=a.b[0],topic='law'; + joins; may be repeated",
  },
  batchSize: { value: '<n>', help: 'calls in flight at once, per agent' },
  concurrency: { value: '<list>', help: 'the same for single agents: research=20,review=5' },
  model: { value: '<name>', help: 'model of every agent, or research=A,generation=B,review=C' },
  baseUrl: { value: '<url>', help: 'any server that speaks the OpenAI API', without: 'OPENAI_BASE_URL' },
  temperature: { value: '<n>', help: 'sampling temperature' },
  maxOutputTokens: { value: '<n>', help: 'longest answer, in tokens' },
  maxCost: { value: '<usd>', help: 'spend at most this many US dollars in this run' },
  maxTokens: { value: '<n>', help: 'spend at most this many tokens in this run, in and out' },
  maxCostPerDay: {
    value: '<usd>',
    help: 'the same for one day (UTC), over all processes that share the store',
  },
  maxTokensPerDay: { value: '<n>', help: 'the same in tokens' },
  shadowMaxCost: { value: '<usd>', help: 'what each of them may spend, on top of --max-cost' },
  shadowMaxTokens: { value: '<n>', help: 'the same in tokens' },
  minScore: { value: '<n>', help: 'lowest score that passes, on every criterion' },
  maxRevisions: { value: '<n>', help: 'how often a rejected candidate is rewritten' },
  holdScores: {
    value: '<range>',
    help: 'ask a person about scores in this range, on the review desk of `millrace serve`: 6..8',
  },
  holdShare: { value: '<share>', help: 'ask a person about a random share of all verdicts: 2%' },
  research: {
    value: '<mode>',
    help: 'what answers rest on: sources (see: millrace sources), tools (it looks things up), memory or none',
  },
  researchSource: {
    value: '<list>',
    help: 'which sources are searched: manuals,wiki',
    without: 'all',
  },
  cite: { help: 'mark statements with the quotes that prove them: [e1]' },
  unanswerable: { value: '<what>', help: 'questions that the sources do not answer: drop or keep' },
  prompts: { value: '<dir>', help: 'prompt files of your own (see: millrace prompts)' },
  shadows: {
    name: 'shadow',
    value: '<list>',
    help: 'judges that work beside the reviewer and change nothing, by name and model: strict=gpt-4o,mini=gpt-4o-mini',
  },
  otlpEndpoint: { value: '<url>', help: 'send traces to this OpenTelemetry collector' },
  out: { value: '<file>', help: 'where the examples go' },
  format: {
    value: '<name>',
    help: () => formatSlot.names.join(', '),
    without: 'openai, or what holds the training type',
  },
  contextTurn: {
    value: '<where>',
    help: 'the source of a question in the rows: none, or before it in the user turn',
    without: 'none',
  },
  license: { value: '<id>', help: 'licence that the dataset card names' },
  dryRun: { help: 'use the simulated model, and its data' },
  simulate: { value: '<profile>', help: 'rehearse: latency=300ms,errors=5%,malformed=5%' },
} as const satisfies Partial<Record<SettingName, SettingFlag>>;

type FlaggedSetting = keyof typeof SETTING_FLAGS;

/** The flag of each setting that has one, as it is typed: `--sub-topic`. */
export const flagNames: ReadonlyMap<string, string> = new Map(
  Object.entries(SETTING_FLAGS).map(([setting, flag]: [string, SettingFlag]) => [
    setting,
    `--${kebab(flag.name ?? setting)}`,
  ]),
);

/** How a command's words for a flag differ from those of most. A command that means something else has another default, too. */
type FlagWords = Readonly<{ help?: string; value?: string }>;

/**
 * The flag of a setting: called like it, with its default.
 * @param words where it means something else to this command.
 */
export function settingFlag(setting: FlaggedSetting, words: FlagWords = {}): Option {
  const flag: SettingFlag = SETTING_FLAGS[setting];
  const value = words.value ?? flag.value;
  const term = `${flagNames.get(setting)}${value === undefined ? '' : ` ${value}`}`;
  const help = words.help ?? (typeof flag.help === 'string' ? flag.help : flag.help());
  const without = words.help === undefined ? (flag.without ?? defaultOf(setting)) : '';
  return new Option(term, without === '' ? help : `${help} (default: ${without})`);
}

/** Gives the command the flags of these settings, in this order, in the words of most commands. */
export function addSettingFlags(command: Command, ...settings: readonly FlaggedSetting[]): Command {
  for (const setting of settings) command.addOption(settingFlag(setting));
  return command;
}

/** For people; empty where the default says nothing. */
function defaultOf(setting: FlaggedSetting): string {
  const { data } = settingsSchema.shape[setting].safeParse(undefined);
  return typeof data === 'string' || typeof data === 'number' ? String(data) : '';
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
