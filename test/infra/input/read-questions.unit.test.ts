import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readQuestions } from '../../../src/infra/input/read-questions.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { entriesOf, failureOf, inShort, options, streamOf } from './reading.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-input-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function read(name: string, content: string | Uint8Array): Promise<string[]> {
  return inShort(await entriesOf(await file(name, content)));
}

async function failure(name: string, content: string | Uint8Array): Promise<Failure> {
  return failureOf(entriesOf(await file(name, content)));
}

describe('a .jsonl file', () => {
  it('gives a question for each line that is an object or a text, blank lines skipped', async () => {
    expect(await read('a.jsonl', '{"question":"A?"}\n\n"B?"\n')).toEqual(['1 A?', '3 B?']);
    expect(await read('a.NDJSON', '{"question":"A?"}')).toEqual(['1 A?']);
  });

  it('reports a line that is not JSON with its text and goes on', async () => {
    const entries = await entriesOf(await file('a.jsonl', '{"question":\n{"question":"B?"}'));
    expect(entries[0]).toMatchObject({ kind: 'bad', line: 1, text: '{"question":' });
    expect(inShort(entries)[0]).toContain('expected JSON, came something else: ');
    expect(inShort(entries)[1]).toBe('2 B?');
  });

  it('keeps at most 2,000 characters of a bad line', async () => {
    const [entry] = await entriesOf(await file('a.jsonl', `{"question":"${'x'.repeat(30_000)}"}\n`));
    expect(entry?.kind === 'bad' && entry.text.length).toBe(2_000);
  });

  it('reports a line that is not UTF-8 and goes on', async () => {
    const content = Buffer.concat([
      Buffer.from('"A?"\n"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"\n"C?"'),
    ]);
    const entries = await entriesOf(await file('a.jsonl', content));
    expect(inShort(entries)).toEqual([
      '1 A?',
      '2 bad: not valid UTF-8: expected UTF-8 text, came other bytes (say what it is: --encoding windows-1252)',
      '3 C?',
    ]);
    expect(entries[1]).toMatchObject({ text: '"\ufffd("' });
  });
});

describe('a .txt file', () => {
  it('gives a question for each line that is not blank', async () => {
    expect(await read('a.txt', 'A?\r\n \r\n  B?')).toEqual(['1 A?', '3 B?']);
  });

  it('loses its byte order mark', async () => {
    const [entry] = await entriesOf(await file('a.txt', '\ufeffA?'));
    expect(entry).toMatchObject({ question: { text: 'A?' } });
  });
});

describe('a .json file', () => {
  it('gives the questions of an array, or of the array under "questions"', async () => {
    expect(await read('a.json', '["A?", {"question": "B?"}]')).toEqual(['1 A?', '1 B?']);
    expect(await read('a.json', '\ufeff{"name": "n",\n"questions": [\n"A?"]}')).toEqual(['3 A?']);
  });

  it('names a bad entry by its number', async () => {
    const came = 'expected a question or an object with the field "question", came a number';
    expect(await read('a.json', '["A?", 5, "C?"]')).toEqual(['1 A?', `1 bad: entry 2: ${came}`, '1 C?']);
  });

  it('gives the entries before it breaks midway, and one bad entry', async () => {
    expect(await read('a.json', '["A?",\n{"question": "B')).toEqual([
      '1 A?',
      '2 bad: the JSON ends too early: expected its closing bracket, came the end of the input',
    ]);
  });

  it('fails where it is no array of questions', async () => {
    const broken = await failure('a.json', 'What?');
    expect(broken).toMatchObject({ kind: 'fatal', code: 'input_json' });
    expect((await failure('a.json', '{"a": []}')).message).toContain('holds an object with the field "a"');
  });
});

describe('a .csv file', () => {
  it('takes the columns by name, quotes and newlines in a cell included', async () => {
    const rows = 'Topic,question,Sub Topic,sub_topic\nlaw,"What, in ""law"",\nis a tort?",x,torts\n';
    const entries = await entriesOf(await file('a.csv', rows));
    expect(entries).toMatchObject([
      {
        question: { text: 'What, in "law",\nis a tort?', topic: 'law', subTopic: 'torts' },
        metadata: { 'Sub Topic': 'x' },
        line: 2,
      },
    ]);
  });

  it('reads metadata as JSON and keeps unknown columns in it', async () => {
    const [entry] = await entriesOf(await file('a.csv', 'question,metadata,page\nA?,"{""a"":1}",3\n'));
    expect(entry).toMatchObject({ metadata: { a: 1, page: '3' } });
    const long = await entriesOf(
      await file('l.csv', 'question,metadata\nA?,"{""a"":1234567890123456789}"\n'),
    );
    expect(long).toMatchObject([{ metadata: { a: '1234567890123456789' } }]);
    const bad = await read('a.csv', 'question,metadata\nA?,{a\n');
    expect(bad).toEqual(['2 bad: metadata: expected an object, came text']);
  });

  it('accepts a short row, skips an empty one and reports one with too many cells', async () => {
    expect(await read('a.csv', 'question,topic\r\nA?\r\n\r\n,,\r\nB?,law,\r\nC, D?,law\r\n,law')).toEqual([
      '2 A?',
      '5 B?',
      '6 bad: expected 2 cells, came 3 (a text with commas needs quotes around it)',
      '7 bad: question: the question is empty',
    ]);
  });

  it('reports a quote that is never closed', async () => {
    const [first, second] = await read('a.csv', 'question\nA?\n"B?\nC?\n');
    expect(first).toBe('2 A?');
    expect(second).toBe(
      '3 bad: expected a closing quote to every opening one, came one without (it took 2 lines into this row)',
    );
  });

  it('fails where no column means anything, and says which came and what to type', async () => {
    const missing = await failure('a.csv', 'query;topic,x\nA?,y\n');
    expect(missing).toMatchObject({ kind: 'fatal', code: 'input_unrecognised' });
    expect(missing.message).toMatch(/Columns: "query;topic", x\. .*--map question=COLUMN$/);
  });
});

describe('standard input', () => {
  it('is JSON Lines if it starts with an opening brace, else plain text', async () => {
    const json = await entriesOf('-', { stdin: streamOf('\ufeff \n', '\t', '{"question"', ':"A?"}\n"B?"') });
    expect(inShort(json)).toEqual(['2 A?', '3 B?']);
    const text = await entriesOf('-', { stdin: streamOf('\n', 'A?\n', '{"question":"B?"}') });
    expect(inShort(text)).toEqual(['2 A?', '3 {"question":"B?"}']);
  });

  it('may come as strings', async () => {
    expect(inShort(await entriesOf('-', { stdin: Readable.from(['Wie schön?']) }))).toEqual(['1 Wie schön?']);
  });

  it('fails if it is empty, missing, or breaks off', async () => {
    const empty = await failureOf(entriesOf('-', { stdin: streamOf() }));
    expect(empty.message).toBe('standard input is empty: expected one question a line');
    expect(await failureOf(entriesOf('-'))).toMatchObject({ kind: 'fatal', code: 'input_missing' });
    const broken = new Readable({ read: () => broken.destroy(new Error('cable cut')) });
    const cut = await failureOf(entriesOf('-', { stdin: broken }));
    expect(cut).toMatchObject({ kind: 'fatal', code: 'input_unreadable' });
    expect(cut.message).toContain('cable cut');
  });

  it('is left alone once nobody asks for more', async () => {
    const stdin = streamOf('A?\n', 'B?\n');
    for await (const _entry of readQuestions('-', { ...options, stdin })) break;
    expect(stdin.destroyed).toBe(true);
  });
});

describe('a file that cannot be read', () => {
  it('fails with what was expected if it is missing, a directory or of an unknown extension', async () => {
    const missing = await failureOf(entriesOf(join(folder, 'none.txt')));
    expect(missing).toMatchObject({ kind: 'fatal', code: 'input_missing' });
    await mkdir(join(folder, 'd.txt'), { recursive: true });
    const directory = await failureOf(entriesOf(join(folder, 'd.txt')));
    expect(directory).toMatchObject({ kind: 'fatal', code: 'input_directory' });
    const unknown = await failure('a.xlsx', 'A?');
    expect(unknown).toMatchObject({ kind: 'fatal', code: 'input_extension' });
    expect(unknown.message).toContain(
      'expected one of .jsonl, .ndjson, .json, .csv, .tsv, .txt, also packed as .gz or .zst',
    );
  });

  it.skipIf(process.getuid?.() === 0)('fails if this user may not read it', async () => {
    const path = await file('secret.txt', 'A?');
    await chmod(path, 0o000);
    expect(await failureOf(entriesOf(path))).toMatchObject({ kind: 'fatal', code: 'input_unreadable' });
  });

  it.each([
    ['a.txt', '', 'is empty: expected one question a line'],
    ['a.txt', '\ufeff', 'is empty: expected one question a line'],
    ['a.txt', ' \n\n', 'holds no questions: expected one question a line'],
    ['a.json', '[]', 'holds no questions: expected an array of questions'],
    ['a.csv', 'question\n', 'holds no questions: expected a header row'],
    ['a.jsonl', '', 'is empty: expected one JSON object'],
  ])('fails if %s with %j holds no question', async (name, content, message) => {
    const empty = await failure(name, content);
    expect(empty).toMatchObject({ kind: 'fatal', code: 'input_empty' });
    expect(empty.message).toContain(message);
  });

  it('fails if it is UTF-32', async () => {
    const utf32 = Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]);
    expect(await failure('a.txt', utf32)).toMatchObject({ kind: 'fatal', code: 'input_encoding' });
  });
});

describe('any bytes', () => {
  it('give entries with a line and a bounded reason and text, or a Failure, and nothing else', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .array(
          fc.constantFrom('{"question":', '"a"', '}', '[', ']', ',', '\n', '"', '\\', '\ufeff', 'question\n'),
        )
        .map((parts) => Buffer.from(parts.join(''))),
    );
    const name = fc.constantFrom('f.jsonl', 'f.json', 'f.csv', 'f.txt', 'f.tsv', 'f.gz');
    await fc.assert(
      fc.asyncProperty(name, bytes, async (extension, content) => {
        const path = await file(extension, content);
        const entries = await entriesOf(path, { limits: { maxEntryBytes: 100 } }).catch(
          (error: unknown) => error,
        );
        if (!Array.isArray(entries)) expect(entries).toBeInstanceOf(Failure);
        for (const entry of Array.isArray(entries) ? entries : []) {
          expect(entry.line).toBeGreaterThan(0);
          if (entry.kind === 'bad') expect(entry.reason.length + entry.text.length).toBeLessThan(3_000);
        }
      }),
      { numRuns: 300 },
    );
  });
});
