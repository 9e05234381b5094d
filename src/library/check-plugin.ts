import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Extractor } from '../infra/documents/extract/extractor.ts';
import { ExtractorChildren } from '../infra/documents/extract/extractor-children.ts';
import { BAD_EXTRACTED } from '../infra/documents/extract/refusal.ts';
import type { Plugin } from '../infra/plugins/plugin.ts';
import { registerPlugin } from '../infra/plugins/register.ts';
import type { Example } from '../stages/example.ts';
import { exportLines } from '../stages/formats/index.ts';
import { badPlugin } from '../stages/registry/slot.ts';
import { trainingTypeNamed, trainingTypes } from '../stages/training-types/index.ts';
import { asFailure } from '../streams/failure.ts';
import { faultInIndex } from './check-index.ts';
import { generateSyntheticData } from './generate.ts';
import type { QuestionInput } from './options.ts';

/** What a check went through: each part, in words. */
export type PluginReport = Readonly<{ checked: readonly string[] }>;

const QUESTIONS = ['What is a buffer solution?', 'Why is the sky blue?'];

/**
 * Proves a plugin as far as that is possible without money: it is registered, and taken out again; each of its training types
 * goes the whole way from question to stored example by the simulated model, on an embedded engine in a temporary directory, is shown
 * to the judge and read back; each of its engines works questions, and opens again on what it kept; each of its formats makes lines of these and of our types, and at least one of them comes out; questions come through each of its stages; its extractors are loaded, and
 * read a text or refuse it; its indexes find documents, in the sources that are named, and those that were taken out no more. Rejects
 * with a Failure (`bad_plugin`) that lists what is wrong.
 */
export async function checkPlugin(plugin: Plugin): Promise<PluginReport> {
  const { undo } = registerPlugin(plugin, 'check');
  const data = await mkdtemp(join(tmpdir(), 'millrace-check-'));
  try {
    return await checkParts(plugin, data);
  } finally {
    undo();
    await rm(data, { recursive: true, force: true });
  }
}

async function checkParts(plugin: Plugin, data: string): Promise<PluginReport> {
  const checked: string[] = [];
  const problems: string[] = [];
  const note = (part: string, problem: string | undefined) => {
    if (problem === undefined) checked.push(part);
    else problems.push(`${part}: ${problem}`);
  };
  const own = (plugin.trainingTypes ?? []).map(({ name }) => name);
  const formats = (plugin.formats ?? []).map(({ name }) => name);
  const needed = formats.length === 0 ? own : [...trainingTypes.keys()];
  const made = new Map<string, readonly Example[]>();
  for (const type of needed) {
    const { examples, problem } = await rehearsed(type, data);
    made.set(type, examples);
    if (own.includes(type)) note(`training type ${type}`, problem ?? faultIn(type, examples));
  }
  for (const format of formats) note(`format ${format}`, faultInLines(format, [...made.values()].flat()));
  for (const { name } of plugin.stages ?? []) note(`stage ${name}`, await faultInStage(name, data));
  for (const extractor of plugin.extractors ?? [])
    note(`extractor ${extractor.name}`, await faultInExtractor(extractor));
  for (const { name } of plugin.indexes ?? [])
    note(`index ${name}`, await faultInIndex(name, join(data, 'index')));
  for (const { name } of plugin.engines ?? []) {
    const first = await rehearsed('sft', data, name);
    const again = first.problem === undefined ? await rehearsed('sft', data, name) : first;
    note(`engine ${name}`, again.problem);
  }
  if (problems.length > 0) throw badPlugin(plugin, problems.join('; '));
  return { checked };
}

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'look_up',
      parameters: { type: 'object', properties: { term: { type: 'string' } }, required: ['term'] },
    },
  },
];

function questionsFor(trainingType: string): readonly QuestionInput[] {
  const calls = trainingTypes.get(trainingType)?.calls !== undefined;
  return calls ? QUESTIONS.map((question) => ({ question, tools: TOOLS })) : QUESTIONS;
}

/** Questions of the type, worked by the simulated model. */
async function rehearsed(trainingType: string, data: string, engine?: string) {
  try {
    const run = await generateSyntheticData({
      ...{
        questions: questionsFor(trainingType),
        trainingType,
        data: join(data, engine ?? '', trainingType),
      },
      ...(engine === undefined ? {} : { engine }),
      simulate: 'latency=0ms,reject=0%',
    });
    const [error] = run.errors;
    const short = run.examples.length < QUESTIONS.length;
    const problem = short
      ? `a question ended without an example (${error?.message ?? 'rejected'})`
      : undefined;
    return { examples: run.examples, ended: [...run.examples, ...run.rejected], problem };
  } catch (error) {
    return { examples: [], ended: [], problem: asFailure(error).message };
  }
}

/** Whether it gives texts with places, or refuses what it cannot read: a file of its kind is nothing that can be made here. */
async function faultInExtractor({ module, types: [type = ''] }: Extractor): Promise<string | undefined> {
  const children = new ExtractorChildren();
  try {
    await children.extract(module, Buffer.from('A text.\n'), `sample${type}`);
    return undefined;
  } catch (error) {
    const { kind, code, message } = asFailure(error);
    return kind === 'fatal' || code === BAD_EXTRACTED ? message : undefined;
  } finally {
    children.close();
  }
}

/** Whether questions come through the stage, whatever it decides about what a simulated model wrote. */
async function faultInStage(name: string, data: string): Promise<string | undefined> {
  const { ended, problem } = await rehearsed('sft', join(data, 'stages'));
  const through = ended.filter(({ provenance }) => provenance.some(({ stage }) => stage === name));
  if (through.length > 0) return undefined;
  return problem ?? 'no question came through it';
}

/** What is wrong with examples that are shown to the judge, and read back from where they are stored. */
function faultIn(name: string, examples: readonly Example[]): string | undefined {
  const type = trainingTypeNamed(name);
  for (const { candidate, question } of examples) {
    try {
      const read = type.parse(candidate, question);
      if (read.present().trim() === '') return 'present gives an empty text: the judge would see nothing';
      if (JSON.stringify(type.parse(read.value, question).value) !== JSON.stringify(read.value))
        return 'a stored candidate is read back as another one: its schema must take what it gives';
      if (read.turns().length === 0 && read.pair() === undefined)
        return 'turns gives no turn, and there is no pair';
    } catch (error) {
      return asFailure(error).message;
    }
  }
  return undefined;
}

function faultInLines(format: string, examples: readonly Example[]): string | undefined {
  const lines = examples.flatMap((example) => exportLines(example, format, { asker: { id: 'q-1' } }));
  const reasons = new Set(lines.flatMap((line) => (line.kind === 'skipped' ? [line.reason] : [])));
  const broken = [...reasons].find((reason) => !/cannot hold|has no place for|was sent back/.test(reason));
  if (broken !== undefined) return broken;
  const history = lines.length === 0 || [...reasons].some((reason) => reason.includes('was sent back'));
  if (history || lines.some(({ kind }) => kind === 'line')) return undefined;
  return `it holds no example at all (${[...reasons].join('; ')})`;
}
