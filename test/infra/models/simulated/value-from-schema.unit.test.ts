import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { strictSchema } from '../../../../src/infra/models/openai/strict-schema.ts';
import { seededRandom } from '../../../../src/infra/models/random.ts';
import {
  type ValueSource,
  valueFromSchema,
} from '../../../../src/infra/models/simulated/value-from-schema.ts';

function sourceOf(seed: number): ValueSource {
  const random = seededRandom(seed);
  return {
    text: (path) => path.join('.'),
    number: (_, least, most) => Math.min(most, least + Math.floor(random() * (most - least + 1))),
    pick: (count) => Math.floor(random() * count),
  };
}

const shapes: readonly (readonly [string, z.ZodType])[] = [
  ['an object', z.object({ a: z.string(), b: z.boolean(), c: z.null() })],
  ['limits of strings', z.object({ a: z.string().min(200), b: z.string().max(3) })],
  ['limits of numbers', z.object({ a: z.int().min(3).max(4), b: z.number().min(0.5).max(0.9), c: z.int() })],
  [
    'open limits of numbers',
    z.object({ a: z.number().positive(), b: z.number().gt(0).lt(1), c: z.int().negative() }),
  ],
  ['limits of lists', z.object({ a: z.array(z.string()).min(5), b: z.array(z.string()).max(1) })],
  ['constants and enums', z.object({ a: z.literal('x'), b: z.enum(['y', 'z']) })],
  ['null or a value', z.object({ a: z.string().nullable(), b: z.int().nullish() })],
  [
    'a union',
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), n: z.int().max(5) }),
      z.object({ kind: z.literal('b'), s: z.string() }),
    ]),
  ],
  ['a map', z.object({ map: z.record(z.string(), z.string()) })],
  ['an intersection', z.object({ a: z.string() }).and(z.object({ b: z.int() }))],
];

const node = z.object({
  text: z.string(),
  get children() {
    return z.array(node);
  },
  get next() {
    return node.nullable();
  },
});

function listsOf(minItems: number, items: object) {
  return { type: 'array', minItems, items };
}

describe('a value made from a schema', () => {
  it.each(shapes)('fits: %s', (_, shape) => {
    const schema = z.toJSONSchema(shape, { target: 'draft-7' });
    for (let seed = 0; seed < 50; seed += 1) {
      const result = shape.safeParse(valueFromSchema(schema, sourceOf(seed)));
      expect(result.error).toBeUndefined();
    }
  });

  it('comes to an end for a schema that contains itself', () => {
    const schema = z.toJSONSchema(node, { target: 'draft-7' });
    expect(node.safeParse(valueFromSchema(schema, sourceOf(1))).success).toBe(true);
  });

  it('comes to an end for a schema that nothing finite can fit', () => {
    const endless = { type: 'object', properties: { self: { $ref: '#' } } };
    expect(() => valueFromSchema(endless, sourceOf(1))).not.toThrow();
  });

  it.each([
    ['a list', { type: 'array', minItems: 100_000_000, items: { type: 'string' } }],
    ['lists of lists', listsOf(10_000, listsOf(10_000, listsOf(10_000, { type: 'string' })))],
    ['a text', { type: 'string', minLength: 999_999_999 }],
    ['many texts', listsOf(9_000, { type: 'string', minLength: 1_000_000 })],
  ])('is of a bounded size, however much %s must hold', (_, schema) => {
    const text = JSON.stringify(valueFromSchema(schema, sourceOf(1)));
    expect(text.length).toBeLessThan(2_000_000);
  });

  it('lets the values of an enum take turns along a list, also where the strict subset lost its length', () => {
    const turn = z.object({ role: z.enum(['user', 'assistant']), content: z.string() });
    const strict = strictSchema(
      z.toJSONSchema(z.object({ turns: z.array(turn).min(2) }), { target: 'draft-7' }),
    );
    expect(valueFromSchema(strict ?? {}, sourceOf(1))).toMatchObject({
      turns: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }, { role: 'assistant' }],
    });
  });

  it('tells its source where each text stands', () => {
    const schema = z.toJSONSchema(z.object({ list: z.array(z.object({ a: z.string() })).max(1) }));
    expect(valueFromSchema(schema, sourceOf(1))).toEqual({ list: [{ a: 'list.0.a' }] });
  });

  it('is a text for a reference that leads nowhere', () => {
    expect(valueFromSchema({ $ref: '#/nowhere' }, sourceOf(1))).toBe('');
  });
});
