import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { strictSchema } from '../../../../src/infra/models/openai/strict-schema.ts';

function strictOf(schema: z.ZodType): unknown {
  return strictSchema(z.toJSONSchema(schema, { target: 'draft-7' }));
}

describe('a schema in the strict subset', () => {
  it('closes every object and requires all of its properties', () => {
    const schema = z.object({ a: z.string().optional(), b: z.object({ c: z.boolean() }) });
    expect(strictOf(schema)).toEqual({
      type: 'object',
      properties: {
        a: { type: 'string' },
        b: {
          type: 'object',
          properties: { c: { type: 'boolean' } },
          required: ['c'],
          additionalProperties: false,
        },
      },
      required: ['a', 'b'],
      additionalProperties: false,
    });
  });

  it('has no keyword that limits values', () => {
    const schema = z.object({
      text: z.string().min(1).max(9).regex(/a/).default('a'),
      mail: z.email(),
      score: z.int().min(1).max(10),
      list: z.array(z.string().describe('one each')).min(2).max(3),
    });
    expect(strictOf(schema)).toMatchObject({
      properties: {
        text: { type: 'string' },
        mail: { type: 'string' },
        score: { type: 'integer' },
        list: { type: 'array', items: { type: 'string', description: 'one each' } },
      },
    });
    expect(JSON.stringify(strictOf(schema))).not.toMatch(
      /minLength|maxLength|pattern|format|minimum|maximum|minItems|maxItems|default|\$schema/,
    );
  });

  it('says a union as anyOf, and keeps constants, enums and null', () => {
    const turn = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('said'), by: z.enum(['user', 'assistant']) }),
      z.object({ kind: z.literal('left'), note: z.string().nullable() }),
    ]);
    const text = JSON.stringify(strictOf(z.object({ turns: z.array(turn) })));
    expect(text).toContain('"anyOf":[{');
    expect(text).not.toContain('oneOf');
    expect(text).toContain('"const":"said"');
    expect(text).toContain('"enum":["user","assistant"]');
    expect(text).toContain('"null"');
  });

  it('keeps references and makes strict what they lead to', () => {
    const node = z.object({
      text: z.string().min(1),
      get children() {
        return z.array(node);
      },
    });
    const strict = strictOf(z.object({ root: node }));
    expect(strict).toMatchObject({ definitions: { __schema0: { additionalProperties: false } } });
    expect(JSON.stringify(strict)).not.toContain('minLength');
  });

  it('keeps a property that is named like a keyword', () => {
    const schema = z.object({ pattern: z.string(), not: z.string() });
    expect(strictOf(schema)).toMatchObject({ required: ['pattern', 'not'] });
  });

  it.each([
    ['a map with free keys', z.object({ map: z.record(z.string(), z.string()) })],
    ['an object with further keys', z.looseObject({ a: z.string() })],
    ['an empty object', z.object({ empty: z.object({}) })],
    ['a tuple', z.object({ pair: z.tuple([z.string(), z.number()]) })],
    ['a root that is a list', z.array(z.string())],
    ['a root that is a union', z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])],
  ])('does not exist for %s', (_, schema) => {
    expect(strictOf(schema)).toBeUndefined();
  });

  it('does not exist for an intersection', () => {
    const both = { allOf: [{ type: 'object' }, { type: 'object' }] };
    expect(strictSchema({ type: 'object', properties: { both } })).toBeUndefined();
  });
});
