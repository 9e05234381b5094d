import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { agentStages } from '../../../stages/stage-names.ts';
import { Failure } from '../../../streams/failure.ts';
import { mapOfFlag } from '../../input/mapping/field-map.ts';
import { printable } from '../../terminal/format.ts';
import { CONFIG_NAMES } from '../files/config-file.ts';
import { loadSettings } from '../load-settings.ts';
import { type Settings, settingsSchema } from '../settings.ts';
import { assertNoLink } from './named-places.ts';
import { namedValue } from './named-value.ts';
import { withPrices } from './price-flag.ts';
import { addSettingFlags } from './setting-flags.ts';
import { shadowFlags, shadowsOf } from './shadow-flags.ts';

const CONFIG_HELP = `settings file (default: ${CONFIG_NAMES}, if there is one: see millrace config)`;

/** `--new-recipe`. */
export function newRecipeFlag(): Option {
  return new Option(
    '--new-recipe',
    'give all workers on Kafka and MongoDB the models, prompts and rubric of these settings',
  );
}

/** Where the data of a command is, and whether it is that of the simulated model. */
export function addDataFlags(command: Command): Command {
  return addPlaceFlags(addSettingFlags(command, 'dryRun'));
}

/** Where the documents are that answers rest on: beside the data, for real and simulated models alike. */
export function addIndexFlags(command: Command): Command {
  return addCommonFlags(addSettingFlags(command, 'data', 'namespace', 'mongo'));
}

/** The same for a command that deletes: there `--dry-run` shows what would be done. */
export function addDeletingFlags(command: Command): Command {
  return addPlaceFlags(command)
    .option('--simulated', 'the data that the simulated model made')
    .option('--dry-run', 'only show what would be done')
    .option('--yes', 'do it without asking')
    .option('--json', 'as JSON');
}

export type DeletingFlags = Readonly<{ simulated?: true; dryRun?: true; yes?: true; json?: true }>;

/** Where the data of a command is. */
export function addPlaceFlags(command: Command): Command {
  return addCommonFlags(addSettingFlags(command, 'data', 'namespace', 'kafka', 'mongo'));
}

function addCommonFlags(command: Command): Command {
  return command
    .addOption(new Option('--config <file>', CONFIG_HELP))
    .option('--verbose', 'show stack traces');
}

const flagsSchema = z.looseObject({
  config: z.string().optional(),
  model: z.string().optional(),
  concurrency: z.string().optional(),
  price: z.array(z.string()).default([]),
  map: z.array(z.string()).default([]),
  ...shadowFlags.shape,
});

/**
 * The settings of a command: its flags before everything else. Throws Failures that name the flag.
 * @param own flags that mean something else in this command than the setting of the same name.
 */
export async function settingsOf(command: Command, own: readonly string[] = []): Promise<Settings> {
  const shared = Object.entries(command.opts()).filter(([name]) => !own.includes(name));
  const { config, model, concurrency, price, map, ...rest } = flagsSchema.parse(Object.fromEntries(shared));
  const known = Object.entries(rest).filter(
    ([name, value]) => name in settingsSchema.shape && value !== undefined,
  );
  // Read once the plugins are registered, which may bring agents.
  const flags = () => ({
    ...Object.fromEntries(known),
    ...modelFlag(model),
    ...(map.length === 0 ? {} : { map: mapOfFlag(...map) }),
    ...shadowsOf(shadowFlags.parse(rest)),
    ...(concurrency === undefined ? {} : { concurrency: perStage('--concurrency', concurrency) }),
  });
  const onNoTypes = NEED_TYPES.includes(command.name()) ? undefined : say;
  const settings = await loadSettings(flags, config, sayFile, onNoTypes);
  assertNoLink('data', settings, command);
  return withPrices(settings, price);
}

/** Commands that ask, write or take in questions: without a type they would make something else than was meant. */
const NEED_TYPES: readonly string[] = ['run', 'worker', 'serve', 'ingest', 'replay', 'redrive', 'try'];

function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

function sayFile(path: string): void {
  process.stderr.write(`Settings: ${printable(path)}\n`);
}

function modelFlag(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  if (!text.includes('=')) return { model: text };
  const models = perStage('--model', text);
  return {
    agents: Object.fromEntries(Object.entries(models).map(([stage, model]) => [stage, { model }])),
  };
}

/** Reads `gpt-4o`, which is for every agent, or `research=A,review=B`. */
export function modelsIn(text: string): Record<string, string> {
  if (text.includes('=')) return perStage('--model', text);
  return Object.fromEntries(agentStages().map((stage) => [stage, text]));
}

/** Reads `research=20,review=5`. */
function perStage(flag: string, text: string): Record<string, string> {
  const pairs = text.split(',').map((pair): [string, string] => {
    const [stage, value = ''] = namedValue(pair);
    if (agentStages().some((agent) => agent === stage) && value !== '') return [stage, value];
    const expected = `${agentStages().join('=…, ')}=…`;
    throw new Failure('fatal', 'bad_setting', `Bad value for ${flag}: expected ${expected}; got ${pair}.`);
  });
  return Object.fromEntries(pairs);
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError(`Expected a port, got ${text}.`);
  return port;
}
