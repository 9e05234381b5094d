import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Example } from '../../../src/stages/example.ts';
import { ended } from '../../goldens/process.ts';
import { tempDir } from '../../support/temp-dir.ts';

const call = { id: 'c1', name: 'weather', arguments: '{"city":"Rome"}' };
/** A question of each kind: with an asker's id, a source, earlier turns, calls, passages, and of each training type. */
const QUESTIONS = [
  {
    question: 'Why is the sky blue?',
    topic: 'physics',
    sub_topic: 'optics',
    id: 'u1',
    metadata: { level: 3 },
  },
  { question: 'What does it say?', context: 'A source text.' },
  {
    question: 'And in Rome?',
    system: 'You are the ACME bot.',
    tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
    history: [
      { role: 'user', content: 'And in Oslo?' },
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'Clear.' },
      { role: 'assistant', content: 'Clear.' },
    ],
  },
  { question: 'In which year?', passages: ['It began in 1986.'], fields: { level: 'b' }, reference: '1986' },
  { question: 'What is 6 × 7?', training_type: 'reasoning' },
  { question: 'What is an ion?', training_type: 'conversation' },
  { question: 'Is glass a liquid?', training_type: 'dpo' },
];

const FREE = ['--simulate', 'latency=0ms,seed=7,reject=0%', '--quiet', '--format', 'record'];

type Line = Example & Readonly<{ id: string | null; metadata: unknown }>;

/** The lines that a run of the file, with its data there, writes. */
async function run(cwd: string, file: string, data: string, from: string, out: string): Promise<Line[]> {
  await ended(cwd, 'run', file, ...FREE, '--data', data, '--from', from, '--out', out);
  const lines = (await readFile(join(cwd, out), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** All but the hash of an answer that was brought. */
function whole({ id, metadata, question, candidate }: Line) {
  const { given, ...asked } = question;
  return { id, metadata, asked, candidate };
}

function callsOf({ provenance }: Line): string[] {
  return provenance.map(({ stage, calls }) => `${stage} ${calls}`);
}

it('a record export is read back whole: the same questions, and their answers at no call of a writer', async () => {
  const cwd = await tempDir();
  await writeFile(join(cwd, 'q.jsonl'), QUESTIONS.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const first = await run(cwd, 'q.jsonl', 'asked', 'question', 'first.jsonl');
  expect(first).toHaveLength(QUESTIONS.length);

  const judged = await run(cwd, 'first.jsonl', 'brought', 'answer', 'judged.jsonl');
  expect(judged.map(whole)).toEqual(first.map(whole));
  for (const line of judged) expect(callsOf(line)).toEqual(['research 0', 'generation 0', 'review 1']);

  // A question that brings an answer is another than one without; the same answer once more is the same question.
  const again = await run(cwd, 'judged.jsonl', 'brought', 'answer', 'again.jsonl');
  expect(again).toEqual(judged);

  // Asked where they were asked before, all are known; the answers of the file stay beside them.
  const known = await run(cwd, 'first.jsonl', 'asked', 'question', 'known.jsonl');
  expect(known.map((line) => ({ ...line, metadata: null }))).toEqual(
    first.map((line) => ({ ...line, metadata: null })),
  );
});
