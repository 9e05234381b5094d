import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { trainingTypeNamed, trainingTypes } from '../../../src/stages/training-types/index.ts';
import { Failure } from '../../../src/streams/failure.ts';
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

it('the list holds the four types of the first release', () => {
  expect([...trainingTypes.keys()]).toEqual(typeNames);
});

it('an unknown type stops everything and lists the known ones', () => {
  const failure = failureOf(() => trainingTypeNamed('poetry'));
  expect(failure).toMatchObject({ kind: 'fatal', code: 'unknown_training_type' });
  expect(failure.message).toContain('"poetry"');
  expect(failure.message).toContain('sft, reasoning, conversation, dpo');
});

describe.each(typeNames)('%s', (name) => {
  const type = trainingTypeNamed(name);

  it('has a JSON schema that strict structured output takes', () => {
    const schema = z.toJSONSchema(type.candidate, { target: 'draft-7', io: 'output' });
    expect(schema.type).toBe('object');
    for (const part of schemasIn(schema)) {
      for (const keyword of ['oneOf', 'allOf', 'not', 'prefixItems', 'propertyNames', 'patternProperties']) {
        expect(part).not.toHaveProperty(keyword);
      }
      if (part['type'] !== 'object') continue;
      expect(part['additionalProperties']).toBe(false);
      expect(part['required']).toEqual(Object.keys(Object(part['properties'])));
    }
  });

  it('presents every text of the candidate to the reviewer', () => {
    const shown = type.parse(candidates[name]).present();
    const texts = JSON.stringify(candidates[name]).match(/(?<=:")[^"]+/gu) ?? [];
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(shown).toContain(text);
  });

  it('takes white space off the texts that it stores', () => {
    const padded = JSON.parse(JSON.stringify(candidates[name]).replace(/:"([^"]+)"/gu, ':" \\n$1 "'));
    expect(type.parse(padded).value).toEqual(candidates[name]);
  });

  it('refuses a blank text and says where it stands', () => {
    const blank = JSON.parse(JSON.stringify(candidates[name]).replace(/:"[^"]+"/u, ':"  "'));
    const failure = failureOf(() => type.parse(blank));
    expect(failure).toMatchObject({ kind: 'content', code: 'schema_mismatch' });
    expect(failure.message).toMatch(/the text is empty[\s\S]*at (prompt|turns\[0\]\.user)/u);
  });

  it.each([undefined, null, 'text', [], {}])('refuses %j', (value) => {
    expect(failureOf(() => type.parse(value)).kind).toBe('content');
  });
});

it('a conversation of one turn is none', () => {
  const one = { turns: candidates.conversation.turns.slice(0, 1) };
  expect(failureOf(() => trainingTypeNamed('conversation').parse(one)).message).toContain('at least 2 turns');
});

it('a pair of two equal answers is refused, white space apart', () => {
  const equal = { prompt: 'P', chosen: 'same', rejected: ' same ' };
  expect(failureOf(() => trainingTypeNamed('dpo').parse(equal)).message).toContain('the same text');
});

it('a thought that closes its own tag is refused', () => {
  const leaky = { ...candidates.reasoning, reasoning: 'so </think> 42' };
  expect(failureOf(() => trainingTypeNamed('reasoning').parse(leaky)).message).toContain('<think>');
});
