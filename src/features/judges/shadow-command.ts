import { Command, InvalidArgumentError } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { printFound } from '../../infra/terminal/print.ts';
import { Failure } from '../../streams/failure.ts';
import { openData, SIMULATED_NOTE } from '../run/session/open-data.ts';
import { namespaceOf } from '../run/session/session.ts';
import { readShadow, readShadows, type ShadowPorts } from './read-shadows.ts';
import { shadowTable, shadowText } from './shadow-text.ts';

const DAYS = 14;
const MAX_DISAGREEMENTS = 200;

type ShadowFlags = Readonly<{ json?: boolean; disagreements: number }>;
type Told = Readonly<{ text: string; json: object }>;

/** `millrace shadow`: judges that work beside the live one. */
export function shadowCommand(): Command {
  const command = new Command('shadow')
    .description(
      'Compares shadow judges with the live one: how far they agree, where they do not, and what both cost. Works beside a run.',
    )
    .argument('[name]', 'one of them in full (default: all in a table)')
    .option('--disagreements <n>', 'how many of the newest to show of one', wholeNumber, 5)
    .option('--json', 'as JSON');
  return addDataFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, flags: ShadowFlags) => shadow(name, flags, command));
}

const EXAMPLES = `
Examples:
  $ millrace run questions.jsonl --shadow strict=gpt-4o    start one
  $ millrace shadow
  $ millrace shadow strict --disagreements 20
  $ millrace shadow strict --json | jq .kappa
  $ millrace gc --lane shadow-strict        end one, and delete what it judged`;

async function shadow(name: string | undefined, flags: ShadowFlags, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  await using data = await openData(settings);
  const { engine, simulated } = data;
  const ports = { ...engine, namespace: namespaceOf(settings, simulated) };
  const { text, json } = name === undefined ? await all(ports) : await one(ports, name, flags.disagreements);
  printFound(flags, { simulated, ...json }, () => `${simulated ? `${SIMULATED_NOTE}\n\n` : ''}${text}`);
}

async function all(ports: ShadowPorts): Promise<Told> {
  const shadows = await readShadows(ports);
  return { json: { shadows }, text: shadowTable(shadows) };
}

async function one(ports: ShadowPorts, name: string, limit: number): Promise<Told> {
  const report = await readShadow(ports, name, DAYS);
  if (report === undefined) throw await unknown(ports, name);
  const { shadows } = ports.store;
  const disagreements = limit === 0 ? [] : (await shadows.disagreements({ shadow: name, limit })).verdicts;
  return { json: { ...report, disagreements }, text: shadowText(report, disagreements) };
}

async function unknown(ports: ShadowPorts, name: string): Promise<Failure> {
  const names = (await readShadows(ports)).map((each) => each.name);
  const known = names.length === 0 ? 'There is none.' : `There are: ${names.join(', ')}.`;
  const start = `A run or a worker starts one: --shadow ${name}=MODEL`;
  return new Failure('fatal', 'bad_shadow', `There is no shadow judge ${name} here. ${known} ${start}`);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= MAX_DISAGREEMENTS) return value;
  throw new InvalidArgumentError(`Expected a number from 0 to ${MAX_DISAGREEMENTS}, got ${text}.`);
}
