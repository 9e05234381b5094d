import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf, failureOf, inShort, streamOf } from './reading.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-writers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** The questions alone, of a file or of standard input. */
async function questionsIn(name: string, content: string | Uint8Array): Promise<string[]> {
  const read =
    name === '-' ? entriesOf('-', { stdin: streamOf(content) }) : entriesOf(await file(name, content));
  return inShort(await read).map((line) => line.replace(/^\d+ /, ''));
}

async function refusal(name: string, content: string | Uint8Array) {
  const read =
    name === '-' ? entriesOf('-', { stdin: streamOf(content) }) : entriesOf(await file(name, content));
  return failureOf(read);
}

const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();
const TWO = ['A?', 'B?'];
const ARRAY = JSON.stringify([{ question: 'A?' }, { question: 'B?' }]);
const PRETTY = JSON.stringify([{ question: 'A?' }, { question: 'B?' }], null, 2);
const LINES = '{"question":"A?"}\n{"question":"B?"}\n';

describe('two questions are read as two', () => {
  it.each<[string, string, string | Uint8Array]>([
    ['an array on standard input', '-', ARRAY],
    ['an array over lines on standard input', '-', PRETTY],
    ['an array of texts on standard input', '-', '["A?", "B?"]'],
    ['an array behind a byte order mark on standard input', '-', `\ufeff${PRETTY}`],
    ['an object with an array on standard input', '-', JSON.stringify({ questions: ['A?', 'B?'] })],
    ['the same over lines', '-', JSON.stringify({ questions: ['A?', 'B?'] }, null, 2)],
    ['JSON texts, one a line, on standard input', '-', '"A?"\n"B?"\n'],
    ['an array in a .jsonl', 'a.jsonl', ARRAY],
    ['an array over lines in a .jsonl', 'a.jsonl', PRETTY],
    ['an array in a .txt', 'a.txt', PRETTY],
    ['JSON lines in a .json', 'a.json', LINES],
    ['JSON lines in a .txt', 'a.txt', LINES],
    ['CSV on standard input', '-', 'question,topic\nA?,x\nB?,y\n'],
    ['CSV of one column on standard input', '-', 'question\nA?\nB?\n'],
    ['CSV with quoted names on standard input', '-', '"topic","Question"\nx,A?\ny,B?\n'],
    ['semicolons', 'a.csv', 'question;topic\nA?;x, y\nB?;\n'],
    ['semicolons on standard input', '-', 'id;question\n1;A?\n2;B?\n'],
    ['semicolons that the first line names', 'a.csv', 'sep=;\r\nquestion;topic\r\nA?;x\r\nB?;y\r\n'],
    ['tabs in a .csv', 'a.csv', 'topic\tquestion\nx\tA?\ny\tB?\n'],
    ['tabs in a .tsv', 'a.tsv', 'topic\tquestion\nx\tA?\ny\tB?\n'],
    ['a table in a .txt', 'a.txt', 'topic\tquestion\nx\tA?\ny\tB?\n'],
    ['Excel’s CSV with its mark', 'a.csv', '\ufeffquestion;topic\r\nA?;x\r\nB?;y\r\n'],
    ['carriage returns alone', 'a.txt', 'A?\rB?\r'],
    ['carriage returns alone in CSV', 'a.csv', 'question,topic\rA?,x\rB?,y'],
    ['carriage returns alone in JSON lines', 'a.jsonl', LINES.replaceAll('\n', '\r')],
    ['UTF-16 with a mark', 'a.txt', Buffer.from('\ufeffA?\r\nB?\r\n', 'utf16le')],
    ['UTF-16 without a mark', 'a.txt', Buffer.from('A?\nB?\n', 'utf16le')],
    ['UTF-16, big-endian, without a mark', 'a.txt', bigEndian('A?\nB?\n')],
    ['UTF-16, big-endian, with a mark', 'a.csv', bigEndian('\ufeffquestion\nA?\nB?\n')],
    ['UTF-16 in JSON lines', 'a.jsonl', Buffer.from(LINES, 'utf16le')],
    ['UTF-16 on standard input', '-', Buffer.from(PRETTY, 'utf16le')],
    ['Excel’s Unicode text', 'a.txt', Buffer.from('\ufefftopic\tquestion\r\nx\tA?\r\ny\tB?\r\n', 'utf16le')],
    ['gzip', 'a.jsonl.gz', gzipSync(LINES)],
    ['gzip under another name', 'a.jsonl', gzipSync(LINES)],
    ['gzip on standard input', '-', gzipSync(PRETTY)],
    ['gzip without a name of its format', 'questions.gz', gzipSync('question\nA?\nB?\n')],
    ['two members of gzip', 'a.jsonl.gz', Buffer.concat([gzipSync('"A?"\n'), gzipSync('"B?"\n')])],
    ['zstd', 'a.csv.zst', zstdCompressSync('question,topic\nA?,x\nB?,y\n')],
    ['zstd of UTF-16', 'a.txt.zst', zstdCompressSync(Buffer.from('A?\nB?\n', 'utf16le'))],
  ])('%s', async (_what, name, content) => {
    expect(await questionsIn(name, content)).toEqual(TWO);
  });

  it('letters without a zero byte included', async () => {
    expect(await questionsIn('a.txt', Buffer.from('為什麼?\n如何?\n', 'utf16le'))).toEqual([
      '為什麼?',
      '如何?',
    ]);
  });
});

describe('what is no list of questions is refused, and never read as text', () => {
  it.each<[string, string, string | Uint8Array, string, RegExp]>([
    [
      'an object over lines',
      '-',
      JSON.stringify({ question: 'A?' }, null, 2),
      'input_json',
      /"question".*\.jsonl/,
    ],
    ['an object over lines in a .jsonl', 'a.jsonl', '{\n "question": "A?"\n}\n', 'input_json', /array/],
    ['an object over lines in a .txt', 'a.txt', '{\n "a": 1\n}\n', 'input_json', /array/],
    ['a web page', '-', '<!DOCTYPE html>\n<html><body>404</body></html>\n', 'input_unknown', /web page/],
    ['XML in a .txt', 'a.txt', '<?xml version="1.0"?>\n<a/>\n', 'input_unknown', /XML/],
    ['RTF', 'a.txt', '{\\rtf1\\ansi A?}\n', 'input_unknown', /RTF/],
    ['YAML', '-', '- question: A?\n- question: B?\n', 'input_unknown', /YAML/],
    ['an Excel file', 'a.csv', Buffer.from('504b030414000600', 'hex'), 'input_binary', /zip.*CSV/],
    ['Parquet on standard input', '-', 'PAR1\u0015\u0004', 'input_binary', /Parquet/],
    ['a PDF', 'a.txt', '%PDF-1.7\n', 'input_binary', /PDF/],
    ['a program', '-', Buffer.from('7f454c4602010100000000000a', 'hex'), 'input_binary', /zero bytes/],
    ['damaged gzip', 'a.jsonl.gz', gzipSync(LINES).subarray(0, 25), 'input_packed', /damaged or cut short/],
    [
      'damaged zstd',
      '-',
      zstdCompressSync(LINES.repeat(50)).subarray(0, 30),
      'input_packed',
      /damaged or cut/,
    ],
  ])('%s', async (_what, name, content, code, words) => {
    const failure = await refusal(name, content);
    expect([failure.kind, failure.code]).toEqual(['fatal', code]);
    expect(failure.message).toMatch(words);
  });

  it('a line with a zero byte is a bad one, and the others count', async () => {
    expect(await questionsIn('a.jsonl', '"A?"\n\0\0\0\n"B?"\n')).toEqual([
      'A?',
      'bad: expected text, came a zero byte',
      'B?',
    ]);
  });

  it('half a character of UTF-16 spoils its line alone', async () => {
    const half = Buffer.from('A?\nx\ud800y?\nB?\n', 'utf16le');
    expect(await questionsIn('a.txt', half)).toEqual([
      'A?',
      expect.stringContaining('not valid UTF-8'),
      'B?',
    ]);
  });

  it.each([
    ['gz', gzipSync],
    ['zst', zstdCompressSync],
  ] as const)('what unpacks to more than 200 times its size is read no further (%s)', async (end, packed) => {
    const bomb = packed(Buffer.alloc(64 * 1_024 * 1_024, 'x'));
    const failure = await refusal(`bomb.jsonl.${end}`, bomb);
    expect([failure.code, failure.message]).toEqual(['input_packed', expect.stringContaining('200 times')]);
  });
});

describe('text that only looks like another format stays text', () => {
  it.each([
    ['[1] What is light?', 'a.txt'],
    ['{x | x > 0} is which set?', 'a.txt'],
    ['What is a, b and question?', '-'],
    ['<b> or <strong>?', 'a.txt'],
    ['- Why?', 'a.txt'],
  ])('%s', async (line, name) => {
    expect(await questionsIn(name, `${line}\nB?\n`)).toEqual([line, 'B?']);
  });
});

describe('any way to cut an input', () => {
  it('into chunks gives the same entries', async () => {
    const input = fc.constantFrom(
      Buffer.from('\ufeffA?\r\nwie schön 😀?\r\nB?', 'utf16le'),
      bigEndian('wie schön 😀?\nB?\n'),
      Buffer.from('\ufeffA?\r\nB?\rC 😀?\n\n'),
      Buffer.from(`\ufeff${PRETTY}`),
      gzipSync('A?\r\nB?\r'),
      zstdCompressSync(LINES),
    );
    await fc.assert(
      fc.asyncProperty(input, fc.integer({ min: 1, max: 7 }), async (bytes, size) => {
        const count = Math.ceil(bytes.length / size);
        const chunks = Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
        const [cut, whole] = [chunks, [bytes]].map((each) => entriesOf('-', { stdin: streamOf(...each) }));
        expect(await cut).toEqual(await whole);
      }),
      { numRuns: 60 },
    );
  });
});
