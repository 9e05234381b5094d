import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonIn } from '../../../../src/stages/agent/reply/json-in-reply.ts';

const answer = { prompt: 'a', list: [1, { x: null }], text: 'with "quotes", {braces} and ```fences```' };
const json = JSON.stringify(answer);
const pretty = JSON.stringify(answer, null, 2);
const found = (value: object) => ({ kind: 'value', value });

describe('the JSON in a reply', () => {
  it.each([
    ['alone', json],
    ['pretty', pretty],
    ['with white space around it', `\n\n ${json} \n`],
    ['in a fence', `\`\`\`json\n${pretty}\n\`\`\``],
    ['in a fence without a name', `\`\`\`\n${json}\n\`\`\``],
    ['in a fence in a chat', `Sure! Here it is:\n\n\`\`\`json\n${pretty}\n\`\`\`\n\nAnything else?`],
    ['in an indented fence', `  \`\`\`json\n  ${json}\n  \`\`\``],
    ['after a preamble', `Here is the JSON object: ${json}`],
    ['before an afterthought', `${json}\n\nI hope this helps!`],
    ['after braces of a chat', `As {requested}, the object: ${json}`],
    ['in the second fence', `\`\`\`\nno JSON\n\`\`\`\n\n\`\`\`json\n${pretty}\n\`\`\``],
  ])('is found %s', (_, reply) => {
    expect(jsonIn(reply)).toEqual(found(answer));
  });

  it.each([
    ['a trailing comma', '{"a": [1, 2,], "b": 2,}', { a: [1, 2], b: 2 }],
    ['single quotes', "{'a': 'it is', 'b': 2}", { a: 'it is', b: 2 }],
    ['names without quotes', '{a: 1, b: "x"}', { a: 1, b: 'x' }],
    ['comments', '{"a": 1 /* one */, "b": 2 // two\n}', { a: 1, b: 2 }],
    ['constants of Python', '{"a": True, "b": None}', { a: true, b: null }],
    ['a raw line end in a text', '{"a": "one\ntwo"}', { a: 'one\ntwo' }],
    ['a trailing comma, in a chat', 'Here: {"a": 1,} Done.', { a: 1 }],
    ['a trailing comma and single backslashes', '{"a": "\\(x\\)",}', { a: '\\(x\\)' }],
    ['apostrophes with backslashes', '{"a": "don\\\'t"}', { a: "don't" }],
    ['single quotes and apostrophes', "{'a': 'it\\'s'}", { a: "it's" }],
  ])('is mended where it has %s', (_, reply, expected) => {
    expect(jsonIn(reply)).toEqual(found(expected));
  });

  it.each([
    ['nothing', ''],
    ['prose', 'I cannot answer that.'],
    ['a number', '42'],
    ['a text', '"no object"'],
    ['null', 'null'],
    ['braces in the wrong order', '} not json {'],
    ['two objects', '{"a":1}{"b":2}'],
    ['two objects in a chat', 'Either {"a":1} or {"b":2}.'],
  ])('is not found in %s', (_, reply) => {
    expect(jsonIn(reply)).toEqual({ kind: 'none' });
  });

  it.each([
    ['in a list', '{"a": [1, 2'],
    ['after a nested object', '{"a": {"b": 1}, "c": 2'],
    ['in a text that holds a brace', '{"a": {"b": 1}, "c": "closing }'],
    ['in a text that holds braces of a template', '{"code": "if (x) { y } else {", "rest": "z}}'],
    ['in a text that holds a fence', '{"code": "```{}``` and then'],
    ['in a fence', '```json\n{"a": {"b": 1}, "c": "x'],
    ['after an escaped quote', '{"a": "he said \\"}'],
  ])('is not mended where it was cut short %s', (_, reply) => {
    expect(jsonIn(reply)).toEqual({ kind: 'none' });
  });

  it('is found in a text that holds it', () => {
    expect(jsonIn(JSON.stringify(json))).toEqual(found(answer));
  });

  it('is not mended where it is long: the mender takes time that grows with the square of its length', () => {
    expect(jsonIn(`{"a": [${'1 '.repeat(150_000)}]}`)).toEqual({ kind: 'none' });
    expect(jsonIn(`{"a": [${'1 '.repeat(20)}]}`)).toMatchObject({ kind: 'value' });
  });

  it('is never found in a strict prefix of an object: half an answer must not pass for a whole one', () => {
    const tricky = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', '\\', '```', '\n', ',', ':', 'a', '{}', '\u2028'),
      { maxLength: 12 },
    );
    const text = fc.oneof(
      fc.string(),
      tricky.map((parts) => parts.join('')),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        text,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3 }),
      ),
    }));
    const object = fc.dictionary(text, value, { minKeys: 1, maxKeys: 4 });
    const preamble = fc.constantFrom('', 'Sure: ', '```json\n', 'Here you are:\n\n');
    fc.assert(
      fc.property(object, fc.nat(), fc.boolean(), preamble, (whole, at, indented, before) => {
        const all = JSON.stringify(whole, null, indented ? 2 : 0);
        // A line end before a quote may be one that a program is to print.
        fc.pre(!/\\n(?:\\"|['`])/.test(all));
        const prefix = all.slice(0, at % all.length);
        expect(jsonIn(before + prefix)).toMatchObject({ kind: 'none' });
        expect(jsonIn(before + all)).toEqual(found(JSON.parse(all)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is looked for in any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[{}[\]",:'`a\\\n]{0,30}$/)),
        (reply) => {
          expect(() => jsonIn(reply)).not.toThrow();
        },
      ),
    );
  });

  it.each([
    ['a fence that never ends', `\`\`\`${'\n'.repeat(200_000)}x`],
    ['nothing but fences', '\n```'.repeat(50_001)],
    ['nothing but braces', '{'.repeat(200_000)],
    ['nothing but quotes', `{${'"'.repeat(200_001)}}`],
  ])('is looked for in time that grows with the reply and no faster: %s', (_, reply) => {
    // At the square of its length the test would end by its time limit.
    expect(() => jsonIn(reply.repeat(10))).not.toThrow();
  });
});
