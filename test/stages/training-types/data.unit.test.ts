import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { generationStage } from '../../../src/stages/generation/stage.ts';
import type { Lane } from '../../../src/stages/lanes/lane.ts';
import { questionSchema } from '../../../src/stages/question.ts';
import { reviewStage } from '../../../src/stages/review/stage.ts';
import { typeFrom } from '../../../src/stages/training-types/data/from-definition.ts';
import { trainingTypes } from '../../../src/stages/training-types/index.ts';
import { faultInType } from '../../../src/stages/training-types/training-type.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import {
  firstAttempt,
  laneOf,
  lanesOf,
  questionOf,
  recipes,
  recordWith,
  research,
  topics,
} from '../../support/stage/stage-fixtures.ts';

const definition = {
  name: 'card',
  candidate: {
    type: 'object',
    properties: {
      front: { type: 'string', minLength: 1, pattern: '\\?$' },
      back: { type: 'string' },
      tags: { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' } },
      note: { type: 'string' },
    },
    required: ['front', 'back', 'tags'],
  },
  instructions: 'Write one card.',
  judge: '# {{front}}\n{{back}} ({{#tags}}{{.}} {{/tags}}) on {{question}}',
  rubric: { 原子性: 'One fact a card.' },
  messages: [{ user: '{{front}}' }, { assistant: '{{back}}' }],
};
const good = { front: 'Why blue?', back: 'It scatters.', tags: ['optics'], note: null };

const faultOf = (changes: object) => {
  try {
    typeFrom({ ...definition, ...changes }, 'types/card.yaml');
  } catch (error) {
    return error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
  }
  return 'no fault';
};
const candidate = (properties: object, more: object = {}) => ({
  candidate: { type: 'object', properties, required: Object.keys(properties), ...more },
  judge: undefined,
  messages: undefined,
});

/** As YAML reads an anchor with an alias inside it. */
const itself: Record<string, unknown> = { type: 'array' };
itself['items'] = itself;

describe('a type that is data', () => {
  const type = typeFrom(definition, 'types/card.yaml');

  it('is said to a model with every field asked for, and none beside them', () => {
    expect(z.toJSONSchema(type.candidate, { target: 'draft-7', io: 'output' })).toMatchObject({
      required: ['front', 'back', 'tags', 'note'],
      additionalProperties: false,
    });
  });

  it('has the passages of a question in its templates, as a part of the source and by themselves', () => {
    const said = (template: string, parts: object) =>
      typeFrom({ ...definition, judge: template }, 'types/card.yaml')
        .parse(good, questionSchema.parse({ ...questionOf(), ...parts }))
        .present();
    const passages = [{ title: 'Optics', text: 'Air scatters.' }, { text: 'Short waves most.' }];
    const both = '[1] Optics\nAir scatters.\n\n[2]\nShort waves most.';
    expect(said('{{passages}}', { passages })).toBe(both);
    expect(said('{{source}}', { passages })).toBe(both);
    expect(said('{{source}}', { passages, context: 'A book.' })).toBe(`A book.\n\n${both}`);
    expect(said('{{source}}', { context: 'A book.' })).toBe('A book.');
    expect(said('{{front}}{{passages}}', {})).toBe('Why blue?');
  });

  it('shows the judge what its template says, and speaks in its turns', () => {
    const parsed = type.parse(good, questionOf());
    expect(parsed.present()).toBe('# Why blue?\nIt scatters. (optics ) on Why is the sky blue?');
    expect(parsed.turns()).toEqual([{ user: 'Why blue?', assistant: 'It scatters.' }]);
  });

  it('writes what is no text as JSON, in three braces too', () => {
    const judge = '{{front}} {{{front}}} {{tags}} {{{tags}}} {{&tags}}{{{note}}}';
    const shown = typeFrom({ ...definition, judge }, 'x').parse({ ...good, front: '<b>?' }, questionOf());
    expect(shown.present()).toBe('<b>? <b>? ["optics"] ["optics"] ["optics"]');
  });

  it('makes a candidate of a brought answer letter by letter, with null for what it does not bring', () => {
    const given = { front: '{{question}}', back: '{{answer}}' };
    const { fromAnswer } = typeFrom({ ...definition, given }, 'types/card.yaml');
    const answer = { content: 'It costs $$ and $& of {{reasoning}}', reasoning: 'no', messages: [] };
    expect(fromAnswer?.(answer, questionOf())).toEqual({
      front: 'Why is the sky blue?',
      back: 'It costs $$ and $& of {{reasoning}}',
      tags: null,
      note: null,
    });
  });

  it('runs its patterns in linear time, and says where a text misses one', () => {
    const refused = (value: object) => {
      try {
        return type.parse({ ...good, ...value }, questionOf()).present();
      } catch (error) {
        return String(error);
      }
    };
    expect(refused({ front: 'No question' })).toMatch(/front: expected text like \\\?\$/);
    expect(refused({ tags: ['ok', 'NO'] })).toMatch(/tags\[1\]/);
    const slow = typeFrom(
      { ...definition, ...candidate({ a: { type: 'string', pattern: '^(a+)+$' } }) },
      'x',
    );
    expect(() => slow.parse({ a: `${'a'.repeat(40)}!` }, questionOf())).toThrow(/expected text like/);
  });

  it.each<[string, object, unknown, RegExp]>([
    [
      'an object that may be null',
      { type: ['object', 'null'], properties: { x: { type: 'string' } }, required: ['x'] },
      { x: 3 },
      /: a: x: expected a text, or expected null\.$/,
    ],
    [
      'fields without a type',
      { properties: { x: { type: 'string' } }, required: ['x'] },
      { x: 3 },
      /: a\.x: expected a text/,
    ],
    ['items without a type', { items: { type: 'string' } }, [3], /: a\[0\]: expected a text/],
    [
      'a text that is too short',
      { type: 'string', minLength: 9 },
      'x',
      /: a: expected at least 9 characters\.$/,
    ],
    ['a number that is too small', { type: 'integer', minimum: 9 }, 3, /: a: expected at least 9\.$/],
    [
      'a field that may be left out',
      { type: ['string', 'null'] },
      3,
      /: a: expected a text, or expected null/,
    ],
  ])('looks into %s', (_, schema, value, fault) => {
    const made = typeFrom({ ...definition, ...candidate({ a: schema }) }, 'x');
    expect(() => made.parse({ a: value }, questionOf())).toThrow(fault);
    expect(faultInType(made)).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    [
      'has two choices at once',
      candidate({ a: { anyOf: [{ type: 'string' }], oneOf: [{ type: 'number' }] } }),
      /anyOf beside oneOf at a/,
    ],
    [
      'names a field that it has not',
      { judge: '{{frnt}}' },
      /bad_type: types\/card\.yaml: judge uses \{\{frnt\}\}; there are front, back/,
    ],
    [
      'says what a model cannot be asked for',
      candidate({ a: { not: {} } }),
      /bad_schema: .*"not" at a cannot be said to a model/,
    ],
    [
      'has a free map',
      candidate({ a: { type: 'object', additionalProperties: { type: 'string' } } }),
      /a map with free keys at a/,
    ],
    [
      'has a field that no object keeps',
      candidate(Object.fromEntries([['__proto__', { type: 'string' }]])),
      /expected fields of other names, came one named __proto__/,
    ],
    [
      'leaves no length',
      candidate({ a: { type: 'object', properties: { b: { type: 'string', minLength: 9, maxLength: 3 } } } }),
      /bad_schema: .*no candidate fits: at a\.b minLength 9 leaves nothing below maxLength 3/,
    ],
    [
      'leaves no number',
      candidate({ a: { type: 'array', items: { type: 'number', minimum: 1, exclusiveMaximum: 1 } } }),
      /no candidate fits: at a\.\* minimum 1 leaves nothing below exclusiveMaximum 1/,
    ],
    [
      'asks for a longer list than an answer holds',
      candidate({ a: { type: 'array', minItems: 100_000_000, items: { type: 'string' } } }),
      /no candidate fits: at a minItems 100000000 is more than an answer holds \(10000\)/,
    ],
    [
      'asks for a longer text than an answer holds',
      candidate({ a: { type: 'string', minLength: 999_999_999 } }),
      /no candidate fits: at a minLength 999999999 is more than an answer holds \(200000\)/,
    ],
    ['contains itself', candidate({ a: itself }), /it contains itself: expected no alias/],
    ['leaves no value', candidate({ a: { enum: [] } }), /no candidate fits: at a enum names no value/],
    [
      'requires what it has not',
      candidate({ a: { type: 'string' } }, { required: ['a', 'bakc'] }),
      /no candidate fits: at its root required names "bakc", which is no property; there are a/,
    ],
    ['has no property', candidate({}), /no candidate fits: at its root an object has no properties/],
    [
      'has an object without any',
      candidate({ a: { type: 'object' } }),
      /no candidate fits: at a an object has no properties/,
    ],
    ['has a tuple', candidate({ a: { type: 'array', items: [{ type: 'string' }] } }), /a tuple at a/],
    ['points outside', candidate({ a: { $ref: 'https://example.com/x' } }), /"\$ref" at a/],
    [
      'has a pattern that is none',
      candidate({ a: { type: 'string', pattern: '(' } }),
      /the pattern at a cannot be used/,
    ],
    ['has no object at its root', { candidate: { type: 'array' } }, /an object at its root/],
    [
      'begins with the assistant',
      { messages: [{ assistant: 'x' }, { user: 'y' }] },
      /user and assistant in turns/,
    ],
    ['has a column that nobody knows', { columns: { a: '$scor' } }, /columns\.a is \$scor; there are \$id/],
    [
      'has a column of no field',
      { columns: { a: '/bakc' } },
      /columns\.a is \/bakc; the candidate has front, back/,
    ],
    ['gives what nobody brings', { given: { back: '$answr' } }, /given\.back is \$answr; expected \$answer/],
    [
      'gives what has no name',
      { given: { back: '{{nme}}' } },
      /given\.back uses \{\{nme\}\}; there are answer/,
    ],
    [
      'gives no field',
      { given: { bakc: '$answer' } },
      /given\.bakc is no field of the candidate; there are front/,
    ],
    ['has a key that means nothing', { checks: [] }, /there is no key checks$/],
    [
      'looks for something nowhere',
      { verify: [{ use: 'pattern', field: '/frnt', pattern: 'x' }] },
      /verify\[0\] \(\/frnt\) is nowhere: there is front, back, tags, note$/,
    ],
    [
      'looks into a list as if it were a text',
      { verify: [{ use: 'length', field: '/tags', words: '1..2' }] },
      /verify\[0\] \(\/tags\) is no text: expected a place that holds one$/,
    ],
    [
      'asks for a length that no text has',
      { verify: [{ use: 'length', field: '/back', words: '9..2' }] },
      /says 9\.\.2, which no text has$/,
    ],
    [
      'says no length',
      { verify: [{ use: 'length', field: '/back' }] },
      /says no length: expected words or characters, such as 2\.\.60$/,
    ],
    [
      'has a check whose pattern is none',
      { verify: [{ use: 'pattern', field: '/back', pattern: '(' }] },
      /bad_type: types\/card\.yaml: verify: /,
    ],
    [
      'lacks what is needed',
      { candidate: undefined, instructions: undefined },
      /candidate: it is missing: expected keys with values; instructions: it is missing: expected a text$/,
    ],
    ['has one message', { messages: [{ user: 'x' }] }, /messages: expected at least 2 of it$/],
  ])('is refused with words where it %s', (_, changes, message) => {
    expect(faultOf(changes)).toMatch(message);
  });
});

describe('what is verified in a candidate once its schema fits', () => {
  const verify = [
    { use: 'pattern', field: '/front', pattern: '\\?$' },
    { use: 'no-pattern', field: '/back', pattern: '(?i)as an ai' },
    { use: 'length', field: '/back', words: '2..4' },
    { use: 'length', field: '/tags/*', characters: 6 },
  ];
  const type = typeFrom({ ...definition, verify }, 'types/card.yaml');
  const faultIn = (changes: object) => {
    try {
      return type.parse({ ...good, ...changes }, questionOf()).value;
    } catch (error) {
      return error instanceof Failure ? `${error.kind}/${error.code}: ${error.message}` : error;
    }
  };

  it('passes what is as it is asked for', () => {
    expect(faultIn({})).toEqual(good);
  });

  it.each([
    ['a text that lacks a pattern', { front: 'Why blue' }, 'front: expected text like \\?$'],
    ['a text that has one', { back: 'As an AI, no.' }, 'back: expected no text like (?i)as an ai'],
    [
      'a text that is too long',
      { back: 'It scatters much more blue.' },
      'back: expected 2 to 4 words, came 5',
    ],
    ['a text that is too short', { back: '空' }, 'back: expected 2 to 4 words, came 1'],
    ['a text of a list', { tags: ['optics', 'sky'] }, 'tags[1]: expected 6 characters, came 3'],
  ])('is asked again for %s, with the reason', (_, changes, reason) => {
    expect(faultIn(changes)).toMatch(/^content\/schema_mismatch: The answer is no card example: /);
    expect(faultIn(changes)).toContain(`${reason}.`);
  });

  it('takes no time that grows with what a pattern could backtrack over', () => {
    const bomb = [{ use: 'pattern', field: '/back', pattern: '^(a+)+$' }];
    const slow = typeFrom({ ...definition, verify: bomb }, 'x');
    expect(() => slow.parse({ ...good, back: `${'a'.repeat(5_000)}!` }, questionOf())).toThrow(
      'like ^(a+)+$',
    );
  });

  it('is no matter for a text that may be left out', () => {
    const noted = typeFrom({ ...definition, verify: [{ use: 'length', field: '/note', words: '2..' }] }, 'x');
    expect(noted.parse(good, questionOf()).value).toEqual(good);
  });

  it('is said to no model: servers take the schema without it', () => {
    expect(z.toJSONSchema(type.candidate, { target: 'draft-7', io: 'output' })).toEqual(
      z.toJSONSchema(typeFrom(definition, 'x').candidate, { target: 'draft-7', io: 'output' }),
    );
  });
});

describe('the instructions of a type that is data', () => {
  const told = async (instructions: string, parts: object) => {
    const model = new FakeModel({ text: JSON.stringify(good) });
    const said = { userTurn: 'verbatim' as const, instructions, definition: { ...definition, instructions } };
    const lane = laneOf({ recipes: { ...recipes(), types: { card: said } } });
    const stage = generationStage({ topics, store: new FakeWorkStore(), model, lanes: lanesOf(lane) });
    const question = questionOf({ trainingType: 'card', ...parts });
    await stage.run(stage.decode(recordWith({ v: 2, question, research, provenance: [] })), firstAttempt);
    return model.lastText;
  };

  it('are a template of the labels and the own values of a question', async () => {
    const parts = { topic: 'optics', subTopic: 'light', fields: { level: 'school' } };
    const text =
      'On {{topic}} ({{sub_topic}}) for {{fields.level}}{{#fields.tone}}, {{fields.tone}}{{/fields.tone}}.';
    expect(await told(text, parts)).toContain('On optics (light) for school.');
  });

  it('are refused with the place where nobody has what they name, or the prompt has it anyway', () => {
    expect(faultOf({ instructions: 'For {{lvl}}.' })).toBe(
      'bad_type: types/card.yaml: instructions uses {{lvl}}; there are topic, sub_topic, language, fields, metadata',
    );
    expect(faultOf({ instructions: 'Of {{question}}.' })).toMatch(
      /uses \{\{question\}\}.*stands in the prompt already$/,
    );
    expect(faultOf({ instructions: 'For {{topic' })).toMatch(/instructions is no template/);
  });

  it('may speak of braces, with others around their own names', async () => {
    expect(await told('{{=<% %>=}}Write {{x}} on <%topic%>.', { topic: 'optics' })).toContain(
      'Write {{x}} on optics.',
    );
  });

  it('of a type of ours are taken to the letter, but for own values of the asker', async () => {
    const ours = async (instructions: string) => {
      const model = new FakeModel({ text: '{"answer":"So."}' });
      const types = { sft: { userTurn: 'verbatim' as const, instructions } };
      const lane = laneOf({ recipes: { ...recipes(), types } });
      const stage = generationStage({ topics, store: new FakeWorkStore(), model, lanes: lanesOf(lane) });
      const question = questionOf({ fields: { level: 'school' } });
      await stage.run(stage.decode(recordWith({ v: 2, question, research, provenance: [] })), firstAttempt);
      return model.lastText;
    };
    expect(await ours('Fill in {{name}}.')).toContain('Fill in {{name}}.');
    expect(await ours('For {{fields.level}}.')).toContain('For school.');
  });
});

describe('a worker that never saw its file', () => {
  const entry = { userTurn: 'verbatim' as const, instructions: 'Write one card.', definition };
  const lane: Lane = laneOf({ recipes: { ...recipes(), types: { card: entry } } });
  const question = questionOf({ trainingType: 'card' });
  const base = { v: 2, question, research, provenance: [] };

  it('writes and judges by what the lane says, with the criteria of the type beside the others', async () => {
    expect(trainingTypes.has('card')).toBe(false);
    const writer = new FakeModel({ text: JSON.stringify(good) });
    const generation = generationStage({
      topics,
      store: new FakeWorkStore(),
      model: writer,
      lanes: lanesOf(lane),
    });
    const done = await generation.run(generation.decode(recordWith(base)), firstAttempt);
    expect(done.result).toEqual(good);
    expect(writer.lastText).toContain('Write one card.');
    const scores = Object.fromEntries(
      ['correctness', 'clarity', '原子性'].map((name) => [name, { reason: 'so', score: 9 }]),
    );
    const judge = new FakeModel({ text: JSON.stringify({ scores, feedback: '' }) });
    const review = reviewStage({ topics, store: new FakeWorkStore(), model: judge, lanes: lanesOf(lane) });
    const judged = await review.run(review.decode(recordWith({ ...base, candidate: good })), firstAttempt);
    expect(judged.result.verdict).toBe('approved');
    expect(judge.lastText).toContain('原子性: One fact a card.');
    expect(judge.lastText).toContain('# Why blue?');
  });

  it('judges what was written before the type changed by the definition that it fits', async () => {
    const properties = { front: { type: 'string' }, hint: { type: 'string' } };
    const required = Object.keys(properties);
    const grown = {
      ...{ name: 'card', instructions: 'Write.', candidate: { type: 'object', properties, required } },
      judge: '# {{front}} ({{hint}})',
    };
    const types = { card: { ...entry, definition: grown } };
    const since = {
      ...lane,
      recipes: { ...lane.recipes, types },
      formerTypes: [{ ...grown, name: 'other' }, definition],
    };
    const scores = Object.fromEntries(
      ['correctness', 'clarity'].map((name) => [name, { reason: 'so', score: 9 }]),
    );
    const judge = new FakeModel({ text: JSON.stringify({ scores, feedback: '' }) });
    const review = reviewStage({ topics, store: new FakeWorkStore(), model: judge, lanes: lanesOf(since) });
    await review.run(review.decode(recordWith({ ...base, candidate: good })), firstAttempt);
    expect(judge.lastText).toContain('# Why blue?\nIt scatters.');
    const fresh = { front: 'Why red?', hint: 'dusk' };
    await review.run(review.decode(recordWith({ ...base, candidate: fresh })), firstAttempt);
    expect(judge.lastText).toContain('# Why red? (dusk)');
  });
});
