import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { trainingTypeNamed, trainingTypes } from '../../../src/stages/training-types/index.ts';
import { formOf } from '../../../src/stages/training-types/training-type.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { questionOf } from '../../support/stage/stage-fixtures.ts';
import { candidates, typeNames } from '../formats/fixtures.ts';

/** Every schema object inside a JSON schema, the root included. */
function schemasIn(node: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(node)) return node.flatMap(schemasIn);
  if (typeof node !== 'object' || node === null) return [];
  const own = Object.fromEntries(Object.entries(node));
  return [own, ...Object.values(own).flatMap(schemasIn)];
}

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  return expect.fail('no Failure was thrown');
}

it('the list holds the four types of the first release, and what calls tools', () => {
  expect([...trainingTypes.keys()]).toEqual([...typeNames, 'tool-calls']);
});

it('an unknown type stops everything and lists the known ones', () => {
  const failure = failureOf(() => trainingTypeNamed('poetry'));
  expect(failure).toMatchObject({ kind: 'fatal', code: 'unknown_training_type' });
  expect(failure.message).toContain('"poetry"');
  expect(failure.message).toContain('sft, reasoning, conversation, dpo, tool-calls');
});

describe.each(typeNames)('%s', (name) => {
  const type = trainingTypeNamed(name);

  it.each(['verbatim', 'rephrase'] as const)(
    'has a JSON schema that strict structured output takes: %s',
    (userTurn) => {
      const schema = z.toJSONSchema(formOf(type, userTurn).candidate, { target: 'draft-7', io: 'output' });
      expect(schema.type).toBe('object');
      for (const part of schemasIn(schema)) {
        for (const keyword of [
          'oneOf',
          'allOf',
          'not',
          'prefixItems',
          'propertyNames',
          'patternProperties',
        ]) {
          expect(part).not.toHaveProperty(keyword);
        }
        if (part['type'] !== 'object') continue;
        expect(part['additionalProperties']).toBe(false);
        expect(part['required']).toEqual(Object.keys(Object(part['properties'])));
      }
    },
  );

  it('presents every text of the candidate to the reviewer', () => {
    const shown = type.parse(candidates[name], questionOf()).present();
    const texts = JSON.stringify(candidates[name]).match(/(?<=:")[^"]+/gu) ?? [];
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(shown).toContain(text);
  });

  it('takes white space off the texts that it stores', () => {
    const padded = JSON.parse(JSON.stringify(candidates[name]).replace(/:"([^"]+)"/gu, ':" \\n$1 "'));
    expect(type.parse(padded, questionOf()).value).toEqual(candidates[name]);
  });

  it('refuses a blank text and says where it stands', () => {
    const blank = JSON.parse(JSON.stringify(candidates[name]).replace(/:"[^"]+"/u, ':"  "'));
    const failure = failureOf(() => type.parse(blank, questionOf()));
    expect(failure).toMatchObject({ kind: 'content', code: 'schema_mismatch' });
    expect(failure.message).toMatch(/(prompt|turns\[0\]\.user): the text is empty/u);
  });

  it.each([undefined, null, 'text', [], {}])('refuses %j', (value) => {
    expect(failureOf(() => type.parse(value, questionOf())).kind).toBe('content');
  });
});

describe("what a model writes where the question is the user's message", () => {
  const question = questionOf();
  const written = {
    sft: { answer: 'Air scatters blue light more than red.' },
    reasoning: { reasoning: 'Short waves scatter more.', answer: 'Scattering.' },
    conversation: { answer: 'Scattering.', turns: [{ user: 'And red?', assistant: 'Less so.' }] },
    dpo: { chosen: 'Scattering.', rejected: 'The sea.' },
  } as const;

  it.each(typeNames)("is never the user's words, which stand first in the turns: %s", (name) => {
    const type = trainingTypeNamed(name);
    const parsed = type.parse(written[name], question);
    expect(parsed.value).toEqual(written[name]);
    expect(parsed.turns()[0]?.user).toBe(question.text);
    expect(parsed.pair()?.prompt ?? question.text).toBe(question.text);
    expect(parsed.present()).toContain(question.text);
    for (const text of JSON.stringify(written[name]).match(/(?<=:")[^"]+/gu) ?? [])
      expect(parsed.present()).toContain(text);
  });

  it.each(typeNames)(
    'is read beside what lanes of 0.1.0 hold, which has a message of its own: %s',
    (name) => {
      const type = trainingTypeNamed(name);
      expect(type.parse(candidates[name], question).value).toEqual(candidates[name]);
      expect(type.parse(candidates[name], question).turns()[0]?.user).not.toBe(undefined);
    },
  );

  it('asks for nothing that the model does not write', () => {
    for (const name of typeNames)
      expect(Object.keys(Object(z.toJSONSchema(trainingTypeNamed(name).candidate).properties))).not.toContain(
        'prompt',
      );
  });
});

it('a conversation of one turn is none', () => {
  const one = { turns: candidates.conversation.turns.slice(0, 1) };
  expect(failureOf(() => trainingTypeNamed('conversation').parse(one, questionOf())).message).toContain(
    'at least 2 turns',
  );
});

it('a pair of two equal answers is refused, white space apart', () => {
  const equal = { prompt: 'P', chosen: 'same', rejected: ' same ' };
  expect(failureOf(() => trainingTypeNamed('dpo').parse(equal, questionOf())).message).toContain(
    'the same text',
  );
});

it('a thought that closes its own tag is refused', () => {
  const leaky = { ...candidates.reasoning, reasoning: 'so </think> 42' };
  expect(failureOf(() => trainingTypeNamed('reasoning').parse(leaky, questionOf())).message).toContain(
    '<think>',
  );
});

it.each([
  ['sft', {}, 'answer: it is missing: expected a text'],
  ['sft', null, 'expected keys with values'],
  ['sft', { answer: ' ' }, 'answer: the text is empty'],
  [
    'conversation',
    { answer: 'So.', turns: [{ user: 'Why?', assistant: 3 }] },
    'turns[0].assistant: expected a text',
  ],
  ['tool-calls', { steps: 'none', answer: 'So.' }, 'steps: expected a list'],
])('what is wrong in a candidate of %s is told in plain words: %j', (name, value, fault) => {
  const failure = failureOf(() => trainingTypeNamed(name).parse(value, questionOf()));
  expect(failure.message).toBe(`The answer is no ${name} example: ${fault}.`);
});
