import { describe, expect, it } from 'vitest';
import { schemaChecker } from '../../../src/stages/question-parts/schema-checker.ts';

const text = { type: 'string' };
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

/** A schema so many levels deep. */
function deep(levels: number): Record<string, unknown> {
  return levels === 0 ? text : object({ inner: deep(levels - 1) });
}

describe('a value is held against a schema', () => {
  const check = schemaChecker(
    object(
      {
        city: text,
        unit: { enum: ['C', 'F'] },
        days: { type: 'array', items: { type: 'integer', minimum: 1 } },
      },
      { required: ['city'], additionalProperties: false },
    ),
  );

  it('and nothing is said of one that fits', () => {
    expect(check({ city: 'Oslo', unit: 'C', days: [1, 2] })).toBeUndefined();
  });

  it.each([
    [{}, "the arguments must have required property 'city'"],
    [{ city: 'Oslo', unit: 'K' }, 'unit must be one of C, F'],
    [{ city: 'Oslo', days: [1, 0.5] }, 'days[1] must be integer; days[1] must be >= 1'],
    [{ city: 'Oslo', wind: true }, 'the arguments must not have "wind"'],
    [{ city: 7 }, 'city must be string'],
  ])('%j is told of in words: %s', (value, told) => {
    expect(check(value)).toBe(told);
  });

  it('and at most five of its faults are told', () => {
    const faults = schemaChecker(object({}, { required: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }))({});
    expect(faults?.split('; ')).toHaveLength(6);
    expect(faults).toMatch(/; and 2 more$/);
  });

  it.each(['toString', '__proto__', 'constructor'])(
    'what every object of JavaScript has is no property of it: %s',
    (name) => {
      expect(schemaChecker(object({}, { required: [name] }))({})).toContain(name);
    },
  );

  it('an own key __proto__ is a property like any other, and does not reach the prototype', () => {
    const value: unknown = JSON.parse('{"city":"Oslo","__proto__":{"unit":"K"}}');
    expect(check(value)).toBe('the arguments must not have "__proto__"');
    const inSchema: Record<string, unknown> = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"}}}',
    );
    expect(() => schemaChecker(inSchema)).not.toThrow();
    expect(Object.prototype).not.toHaveProperty('type');
  });
});

describe('patterns', () => {
  it('are kept apart, each for its own text', () => {
    const check = schemaChecker(object({ a: { pattern: '^a+$' }, b: { pattern: '^b+$' } }));
    expect(check({ a: 'aa', b: 'bb' })).toBeUndefined();
    expect(check({ a: 'bb', b: 'bb' })).toBe('a must match pattern "^a+$"');
    expect(check({ a: 'aa', b: 'aa' })).toBe('b must match pattern "^b+$"');
  });

  it('run in linear time: what would take a backtracking engine for ever is refused at once', () => {
    const check = schemaChecker(
      object({ a: { pattern: '^(a+)+$' } }, { patternProperties: { '^(x+)+$': text } }),
    );
    expect(check({ a: `${'a'.repeat(5_000)}!` })).toContain('must match pattern');
    expect(check({ [`${'x'.repeat(5_000)}!`]: 1 })).toBeUndefined();
    expect(check({ xxx: 1 })).toBe('xxx must be string');
  });

  it('that need more than linear time make a schema that cannot be used', () => {
    expect(() => schemaChecker(object({ a: { pattern: '(?=a)b' } }))).toThrow();
  });
});

describe('a schema of a stranger', () => {
  it('may name its own definitions', () => {
    const check = schemaChecker({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...object({ from: { $ref: '#/$defs/place' }, to: { $ref: '#/$defs/place', minProperties: 2 } }),
      $defs: { place: object({ name: { $ref: '#/$defs/a~1b' } }, { required: ['name'] }), 'a/b': text },
    });
    expect(check({ from: { name: 'Oslo' }, to: { name: 'Bergen', zip: 1 } })).toBeUndefined();
    expect(check({ from: { name: 7 } })).toBe('from.name must be string');
    expect(check({ to: { name: 'Bergen' } })).toBe('to must NOT have fewer than 2 properties');
  });

  const alternatives = `^(${Array.from({ length: 100 }, (_, at) => `a{${at + 1}}`).join('|')})*$`;
  const repeating = Array.from({ length: 6 }, (_, at) => [
    `p${at}`,
    { pattern: `^[a-${'fghijk'[at]}]{1,1000}$` },
  ]);

  const doubling = {
    $ref: '#/$defs/d0',
    $defs: Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [
        `d${at}`,
        at === 9 ? text : { allOf: Array(4).fill({ $ref: `#/$defs/d${at + 1}` }) },
      ]),
    ),
  };

  it.each([
    ['larger than 32 KiB', object({ a: { enum: ['x'.repeat(33_000)] } }), 'larger than 32 KiB'],
    ['nested too deep', deep(30), 'nested deeper than 24 levels'],
    ['that contains itself', object({ next: { $ref: '#' } }), 'a $ref leads back to itself'],
    ['that grows fourfold at each definition', doubling, 'more than 5000 parts'],
    ['that names an address', object({ a: { $ref: 'https://example.org/a.json' } }), 'leads out of it'],
    ['that names a file', object({ a: { $ref: 'other.json#/a' } }), 'leads out of it'],
    ['that names what is not there', object({ a: { $ref: '#/$defs/none' } }), 'names nothing in it'],
    ['that names what objects inherit', object({ a: { $ref: '#/constructor' } }), 'names nothing in it'],
    ['with a pattern of many alternatives that repeat', object({ a: { pattern: alternatives } }), 'patterns'],
    ['with many patterns that repeat', object(Object.fromEntries(repeating)), 'more than 5000 steps'],
    ['with a type that is none', object({ a: { type: 'float' } }), 'it is no JSON schema'],
  ])('%s cannot be used', (_, schema, why) => {
    expect(() => schemaChecker(schema)).toThrow(why);
  });

  it('may have properties called as keywords are', () => {
    const check = schemaChecker(
      object({ title: text, format: { enum: ['json'] }, $ref: text, default: text }),
    );
    expect(check({ title: 7 })).toBe('title must be string');
    expect(check({ format: 'xml' })).toBe('format must be one of json');
    expect(check({ $ref: 7 })).toBe('$ref must be string');
  });
});
