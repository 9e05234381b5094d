import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSplitter } from '../../../../src/infra/input/formats/json-splitter.ts';
import { Failure } from '../../../../src/streams/failure.ts';
import { cutAt, places, split, trickyText } from './splitting.ts';

const splitter = (limit = 1_000) => new JsonSplitter('q.json', limit);
const tooEarly = 'the JSON ends too early: expected its closing bracket, came the end of the input';

/** Like `split`, with a Failure in place of what is thrown. */
function splitOrFailure(limit: number, chunks: readonly Uint8Array[]): string[] {
  try {
    return split(splitter(limit), ...chunks);
  } catch (error) {
    if (error instanceof Failure) return [error.message];
    throw error;
  }
}

describe('JsonSplitter', () => {
  it('cuts an array into its members, each with its number and its first line', () => {
    const found = split(splitter(), '[\n  {"a": [1, 2]},\n\n  "b, ]\\"",\n  3\n]\n');
    expect(found.map((entry) => entry.replaceAll(/\s+/gu, ' ').trim())).toEqual([
      '2 entry 1: {"a": [1, 2]}',
      '4 entry 2: "b, ]\\""',
      '5 entry 3: 3',
    ]);
  });

  it('finds the array under "questions" among other fields, before and after it', () => {
    const text = '{"questions2": [9], "n": {"questions": [8]}, "questions" : ["a","b"], "m": [7]}';
    expect(split(splitter(), text)).toEqual(['1 entry 1: "a"', '1 entry 2: "b"']);
  });

  it('takes a value "questions" for no field', () => {
    expect(() => split(splitter(), '{"a": "questions", "b": ["c"]}')).toThrow('the fields "a", "b"');
  });

  it('forgives a comma before the closing bracket and cuts out an empty member', () => {
    expect(split(splitter(), '["a",]')).toEqual(['1 entry 1: "a"']);
    expect(split(splitter(), '[,"a"]')).toEqual(['1 entry 1: ', '1 entry 2: "a"']);
    expect(split(splitter(), '[ ]')).toEqual([]);
  });

  it('reports an oversized member and goes on with the next', () => {
    expect(split(splitter(5), '["aaaaaaaa","b"]')).toEqual([
      '1 entry 1! too long: expected at most 5 bytes, came 10',
      '1 entry 2: "b"',
    ]);
  });

  it('gives the members before a break and then says that the input ends too early', () => {
    expect(split(splitter(), '["a",\n{"b"')).toEqual(['1 entry 1: "a"', `2! ${tooEarly}`]);
    expect(split(splitter(), '{"questions": ["a"], "n": ')).toEqual(['1 entry 1: "a"', `1! ${tooEarly}`]);
  });

  it('says that text after the end was not read', () => {
    expect(split(splitter(), '["a"]\n["b"]')[1]).toContain('expected nothing after the end of the JSON');
  });

  it('fails where the top is not an array of questions, and says what came', () => {
    expect(() => split(splitter(), ' What is an acid?')).toThrow(
      'q.json is not JSON: expected an array of questions',
    );
    expect(() => split(splitter(), '{"a": 1, "b": 2}')).toThrow('holds an object with the fields "a", "b"');
    expect(() => split(splitter(), '{"question": "a"}\n')).toThrow('belongs in a .jsonl file');
    expect(() => split(splitter(), '{')).toThrow('no fields');
  });

  it('gives the same members for any chunking', () => {
    const tops = fc.constantFrom('[', '{"questions":[', '{"a":1,"questions": [', '');
    fc.assert(
      fc.property(tops, trickyText, places, fc.integer({ min: 1, max: 30 }), (top, text, cuts, limit) => {
        const bytes = Buffer.from(top + text);
        expect(splitOrFailure(limit, cutAt(bytes, cuts))).toEqual(splitOrFailure(limit, [bytes]));
      }),
    );
  });

  it('agrees with JSON.parse about the members of any array', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 0, max: 2 }), (members, indent) => {
        const values: unknown[] = [];
        for (const document of [members, { questions: members }]) {
          const cut = splitter(100_000);
          for (const entry of cut.push(Buffer.from(JSON.stringify(document, null, indent)))) {
            if (entry.kind === 'whole') values.push(JSON.parse(Buffer.from(entry.bytes).toString()));
          }
        }
        const plain: unknown[] = JSON.parse(JSON.stringify(members));
        expect(values).toEqual([...plain, ...plain]);
      }),
    );
  });
});
