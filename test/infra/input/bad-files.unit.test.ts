import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InputOptions } from '../../../src/infra/input/input-entry.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { entriesOf } from './reading.ts';

const j = (...rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const user = { role: 'user', content: 'A?' };
const unit = { type: 'object', properties: { unit: { enum: ['C', 'F'] } }, required: ['unit'] };
const tool = { type: 'function', function: { name: 't', parameters: unit } };
const calls = [{ function: { name: 't', arguments: '{"unit":"K"}' } }];

/** What is wrong, as a person is told; the file, what stands in it, and how it is to be read. */
const BAD: readonly (readonly [string, string, string, Partial<InputOptions>?])[] = [
  ['a.jsonl is empty: expected one JSON object with the field "question" a line', 'a.jsonl', ''],
  [
    'a.jsonl holds no questions: expected one JSON object with the field "question" a line',
    'a.jsonl',
    '\n \n',
  ],
  ['line 1: expected JSON, came something else', 'a.jsonl', '{"question": "A?"'],
  ['line 1: expected JSON, came something else', 'a.jsonl', '{"question": A?}'],
  ['line 1: question: the question is empty', 'a.jsonl', j({ question: '' })],
  ['line 1: question: expected text, came a number', 'a.jsonl', j({ question: 7 })],
  ['line 1: question: expected text, came nothing', 'a.jsonl', j({ question: null })],
  [
    'line 1: question: expected at most 20,000 characters, came 20,001',
    'a.jsonl',
    j({ question: 'x'.repeat(20_001) }),
  ],
  [
    'line 2: expected the field "question", came the field "Question"',
    'a.jsonl',
    j({ question: 'A?' }, { Question: 'B?' }),
  ],
  [
    'line 2: expected a question or an object with the field "question", came a number',
    'a.jsonl',
    j({ question: 'A?' }, 7),
  ],
  ['line 1: context: expected text, came a number', 'a.jsonl', j({ question: 'A?', context: 7 })],
  [
    'line 1: training_type: expected one of sft, reasoning, conversation, dpo, tool-calls, came "rlhf"',
    'a.jsonl',
    j({ question: 'A?', training_type: 'rlhf' }),
  ],
  ['line 1: id: expected text or a number, came an object', 'a.jsonl', j({ question: 'A?', id: { a: 1 } })],
  ['line 1: metadata: expected an object, came text', 'a.jsonl', j({ question: 'A?', metadata: 'x' })],
  [
    'line 1: system: expected at most 20,000 characters, came 20,001',
    'a.jsonl',
    j({ question: 'A?', system: 'x'.repeat(20_001) }),
  ],
  ['line 1: tools: expected an array, came text', 'a.jsonl', j({ question: 'A?', tools: 'get_weather' })],
  [
    'line 1: tools[0].function.name: expected text, came nothing',
    'a.jsonl',
    j({ question: 'A?', tools: [{ type: 'function' }] }),
  ],
  [
    'line 1: tools: expected tools that the assistant may call, for the training type tool-calls, came none',
    'a.jsonl',
    j({ question: 'A?', training_type: 'tool-calls' }),
  ],
  [
    'line 1: tools: The parameters of the tool weigh cannot be used: it is no JSON schema: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf.',
    'a.jsonl',
    j({
      ...{ question: 'A?', training_type: 'tool-calls' },
      tools: [{ name: 'weigh', parameters: { type: 'nonsense' } }],
    }),
  ],
  [
    'line 1: history: expected the last message to be an answer of the assistant: the question follows it',
    'a.jsonl',
    j({ question: 'A?', history: [{ role: 'user', content: 'x' }] }),
  ],
  ['line 1: history: expected an array, came text', 'a.jsonl', j({ question: 'A?', history: 'Hi' })],
  ['line 1: passages[0].text: the passage is empty', 'a.jsonl', j({ question: 'A?', passages: [''] })],
  [
    'line 1: passages: expected at most 50 passages, came more',
    'a.jsonl',
    j({ question: 'A?', passages: Array(51).fill('x') }),
  ],
  [
    'line 1: fields: expected names of letters, digits and _, at most 64 long, came "a-b"',
    'a.jsonl',
    j({ question: 'A?', fields: { 'a-b': 1 } }),
  ],
  [
    'line 1: fields: expected at most 4,000 characters each, came more',
    'a.jsonl',
    j({ question: 'A?', fields: { a: 'x'.repeat(4_001) } }),
  ],
  [
    'line 1: reference: expected at most 200,000 characters, came 200,001',
    'a.jsonl',
    j({ question: 'A?', reference: 'x'.repeat(200_001) }),
  ],
  [
    'a.jsonl: only a column "text". Pre-training text has no question; if it holds questions: --map question=text',
    'a.jsonl',
    j({ text: 'Once upon a time' }),
  ],
  [
    'a.jsonl: no known format. Columns: q, a, src. Say which is which: --map question=q,answer=a',
    'a.jsonl',
    j({ q: 'A?', a: 'x', src: 'y' }),
  ],
  [
    'a.jsonl has answers: --from answer (or pair) judges and mends them, --from question writes new ones and keeps these beside their questions.',
    'a.jsonl',
    j({ instruction: 'A?', output: 'x' }),
  ],
  [
    'line 1: expected an answer to judge, came none (--from question asks it)',
    'a.jsonl',
    j({ instruction: 'A?', output: '' }),
    { from: 'answer' },
  ],
  [
    'line 1: expected an answer to judge, came none (--from question asks it)',
    'a.jsonl',
    j({ messages: [user] }),
    { from: 'answer' },
  ],
  [
    'line 1: expected a message of the user, came none',
    'a.jsonl',
    j({ messages: [{ role: 'assistant', content: 'x' }] }),
    { from: 'question' },
  ],
  [
    'line 1: message 1: expected a role such as user or assistant, came "narrator"',
    'a.jsonl',
    j({ messages: [{ role: 'narrator', content: 'x' }] }),
    { from: 'question' },
  ],
  [
    'line 1: message 2: expected text, came a part of type "image_url"',
    'a.jsonl',
    j({ messages: [user, { role: 'assistant', content: [{ type: 'image_url' }] }] }),
    { from: 'question' },
  ],
  [
    'line 1: an answer of the type dpo cannot be brought: it holds more than an answer',
    'a.jsonl',
    j({ messages: [user, { role: 'assistant', content: 'x' }], training_type: 'dpo' }),
    { from: 'answer' },
  ],
  [
    'line 1: the answer calls tools, which no sft example can hold (the training type tool-calls does)',
    'a.jsonl',
    j({
      messages: [
        user,
        { role: 'assistant', content: '', tool_calls: calls },
        { role: 'tool', content: '9' },
        { role: 'assistant', content: 'Nine.' },
      ],
      tools: [tool],
    }),
    { from: 'answer' },
  ],
  [
    'line 1: expected a chosen and a rejected answer, came no pair (--from answer judges single ones)',
    'a.jsonl',
    j({ prompt: 'A?', completion: 'x' }),
    { from: 'pair' },
  ],
  [
    'a.jsonl has answers: --from answer (or pair) judges and mends them, --from question writes new ones and keeps these beside their questions.',
    'a.jsonl',
    j({ prompt: 'A?', chosen: 'x', rejected: 'y' }),
  ],
  [
    'line 1: expected a prompt, or two conversations that begin with the same messages',
    'a.jsonl',
    j({ chosen: 'x', rejected: 'y' }),
    { from: 'pair' },
  ],
  [
    'a.jsonl: no such column (--map question=q); came the column "question"',
    'a.jsonl',
    j({ question: 'A?' }),
    { map: { question: 'q' } },
  ],
  [
    '--map: unknown target "frage": expected one of question, context, passages, answer, chosen, rejected, system, tools, history, reference, topic, sub_topic, training_type, id, metadata, fields.NAME.',
    'a.jsonl',
    j({ question: 'A?' }),
    { map: { frage: 'q' } },
  ],
  [
    'line 2: expected 2 cells, came 3 (a text with commas needs quotes around it)',
    'a.csv',
    'question,topic\nA?,x,y\n',
  ],
  [
    'line 2: expected a closing quote to every opening one, came one without',
    'a.csv',
    'question,topic\n"A?,x\n',
  ],
  [
    'a.csv: no known format. Columns: subject, body. Say which is which: --map question=COLUMN',
    'a.csv',
    'subject;body\nA;b\n',
  ],
  [
    'line 1: the JSON ends too early: expected its closing bracket, came the end of the input',
    'a.json',
    '[{"question":"A?"},{"question":"B?"}',
  ],
  [
    'a.json holds an object with the field "rows": expected an array of questions, or an object with such an array as "questions"',
    'a.json',
    '{"rows": []}',
  ],
  [
    'a.xlsx: the extension says no known format; expected one of .jsonl, .ndjson, .json, .csv, .tsv, .txt, also packed as .gz or .zst, or .parquet',
    'a.xlsx',
    'x',
  ],
  [
    'a.arrow: the extension says no known format; expected one of .jsonl, .ndjson, .json, .csv, .tsv, .txt, also packed as .gz or .zst, or .parquet (save_to_disk of datasets writes .arrow, which is not read: write with to_parquet)',
    'a.arrow',
    'x',
  ],
  [
    "a.json: a table written column by column; expected a row an object (pandas writes rows with orient='records', lines=True)",
    'a.json',
    j({ instruction: { '0': 'A?', '1': 'B?' }, output: { '0': 'a', '1': 'b' } }),
  ],
  [
    'line 1: entry 1: expected a question or an object with the field "question", came an array (a list names no columns: write each row as an object)',
    'a.json',
    '{"columns":["question"],"index":[0],"data":[["A?"]]}',
  ],
  [
    'a.jsonl: no known format. Columns: meta.q.text, meta.tags, n. Say which is which: --map question=COLUMN',
    'a.jsonl',
    j({ meta: { q: { text: 'A?' }, tags: ['a'] }, n: 1 }),
  ],
  [
    'a.jsonl: no such column (--map question=meta.text); came the columns "meta.q.text", "n"',
    'a.jsonl',
    j({ meta: { q: { text: 'A?' } }, n: 1 }),
    { map: { question: 'meta.text' } },
  ],
  [
    '--encoding: expected a label such as utf-8, windows-1252 or shift_jis, came "klingon".',
    'a.jsonl',
    j({ question: 'A?' }),
    { encoding: 'klingon' },
  ],
];

/** The first thing that is said of it. */
async function said(name: string, content: string, options: Partial<InputOptions> = {}): Promise<string> {
  const directory = await tempDir();
  const file = join(directory, name);
  await writeFile(file, content);
  try {
    const bad = (await entriesOf(file, options)).find((entry) => entry.kind === 'bad');
    return bad === undefined ? 'nothing' : `line ${bad.line}: ${bad.reason}`;
  } catch (error) {
    return error instanceof Failure ? error.message.replaceAll(file, name) : `unclassified: ${String(error)}`;
  }
}

describe('what is wrong with a file is said in words that tell what to do', () => {
  it.each(BAD.map(([message, ...how]) => ({ message, how })))('$message', async ({ message, how }) => {
    // What the engine adds of its own is its own.
    expect((await said(...how)).slice(0, message.length)).toBe(message);
  });
});
