import type { RE2JS } from 're2js';
import { z } from 'zod';
import { errorText, Failure } from '../../../streams/failure.ts';
import { isObject } from '../../text/json.ts';
import { linearPattern } from '../../text/linear-pattern.ts';
import { type TextPlace, textsAt } from './texts-at.ts';
import { faultInFit } from './unsatisfiable.ts';

type Schema = Readonly<Record<string, unknown>>;
/** A place in a candidate, and the pattern that its text must have. */
type Pattern = Readonly<{ path: TextPlace; source: string; compiled: RE2JS }>;

const MAX_CHARACTERS = 64 * 1_024;
const MAX_DEPTH = 24;
const MAX_PROPERTIES = 500;
const REFUSED =
  /^(?:not|if|then|else|allOf|dependent.*|dependencies|patternProperties|propertyNames|unevaluated.*|prefixItems|contains|\$ref|\$dynamicRef)$/;

/**
 * The candidate of a type that is data: its JSON schema as zod, with every field asked for (an optional one may be null) and each
 * `pattern` run in linear time. Throws a fatal Failure (`bad_schema`) that says what a model cannot be asked for.
 */
export function candidateFrom(schema: Schema): z.ZodType<unknown> {
  if (charactersOf(schema) > MAX_CHARACTERS) throw unsayable('it is larger than 64 KiB');
  if (schema['type'] !== 'object') throw unsayable('expected an object at its root (type: object)');
  const patterns: Pattern[] = [];
  const counted = { properties: 0 };
  const strict = strictly(schema, { path: [], depth: 0, patterns, counted, alternatives: false });
  const parsed: z.ZodType<unknown> = z.fromJSONSchema(strict);
  if (patterns.length === 0) return parsed;
  return parsed.superRefine((value, context) => {
    for (const { path, source, compiled } of patterns)
      for (const [place, text] of textsAt(value, path))
        if (!compiled.matcher(text).find())
          context.addIssue({ code: 'custom', path: [...place], message: `expected text like ${source}` });
  });
}

type Walk = Readonly<{
  path: readonly string[];
  depth: number;
  patterns: Pattern[];
  counted: { properties: number };
  /** Inside a choice of several, where it is not told which one a text is of. */
  alternatives: boolean;
}>;

function strictly(given: Schema, walk: Walk): Schema {
  const { path, depth, patterns, alternatives } = walk;
  const schema = typed(given);
  const kinds = asList(schema['type']);
  if (kinds?.includes('object') === true)
    return { anyOf: kinds.map((type) => strictly(type === 'object' ? { ...schema, type } : { type }, walk)) };
  const where = path.length === 0 ? 'its root' : path.join('.');
  if (depth > MAX_DEPTH) throw unsayable(`it is nested deeper than ${MAX_DEPTH} levels`);
  const refused = Object.keys(schema).find((key) => REFUSED.test(key));
  if (refused !== undefined)
    throw unsayable(`"${refused}" at ${where} cannot be said to a model: put it into the instructions`);
  const { pattern, properties, items, anyOf, oneOf, additionalProperties, ...rest } = schema;
  if (typeof additionalProperties === 'object' || additionalProperties === true)
    throw unsayable(`a map with free keys at ${where}: expected a list of objects, such as { name, value }`);
  const unfit = faultInFit(schema);
  if (unfit !== undefined) throw unsayable(`no candidate fits: at ${where} ${unfit}`);
  if (Array.isArray(items)) throw unsayable(`a tuple at ${where}: a server that enforces schemas refuses it`);
  if (typeof pattern === 'string') {
    if (alternatives) throw unsayable(`a pattern inside a choice at ${where}: expected it on a single text`);
    patterns.push({ path, source: pattern, compiled: compiledOf(pattern, where) });
  }
  const deeper = { ...walk, depth: depth + 1 };
  if (anyOf !== undefined && oneOf !== undefined)
    throw unsayable(`anyOf beside oneOf at ${where}: expected one of the two`);
  const choices = asList(anyOf ?? oneOf);
  return {
    ...rest,
    ...(choices === undefined
      ? {}
      : {
          anyOf: choices.map((each) =>
            strictly(asSchema(each), { ...deeper, alternatives: choices.length > 1 }),
          ),
        }),
    ...(items === undefined ? {} : { items: strictly(asSchema(items), { ...deeper, path: [...path, '*'] }) }),
    ...(schema['type'] === 'object' ? objectOf(schema, deeper) : {}),
  };
}

/** With the type that fields or items say it has: without one, nothing in it would be looked at. */
function typed(schema: Schema): Schema {
  if (schema['type'] !== undefined) return schema;
  if (schema['properties'] !== undefined) return { ...schema, type: 'object' };
  return schema['items'] === undefined ? schema : { ...schema, type: 'array' };
}

function assertFields(fields: readonly [string, unknown][], { counted }: Walk): void {
  counted.properties += fields.length;
  if (counted.properties > MAX_PROPERTIES) throw unsayable(`it has more than ${MAX_PROPERTIES} properties`);
  if (fields.some(([name]) => name === '__proto__'))
    throw unsayable('expected fields of other names, came one named __proto__');
}

function objectOf({ properties, required }: Schema, walk: Walk): Schema {
  const fields = Object.entries(asSchema(properties ?? {}));
  assertFields(fields, walk);
  const asked = new Set(asList(required) ?? []);
  const made = fields.map(([name, inner]): [string, Schema] => {
    const field = strictly(asSchema(inner), { ...walk, path: [...walk.path, name] });
    return [name, asked.has(name) ? field : { anyOf: [field, { type: 'null' }] }];
  });
  return {
    properties: Object.fromEntries(made),
    required: fields.map(([name]) => name),
    additionalProperties: false,
  };
}

function compiledOf(pattern: string, where: string): RE2JS {
  try {
    return linearPattern(pattern);
  } catch (error) {
    throw unsayable(`the pattern at ${where} cannot be used: ${errorText(error)}`);
  }
}

function asSchema(value: unknown): Schema {
  if (isObject(value)) return { ...value };
  throw unsayable(`expected a schema, came ${JSON.stringify(value)?.slice(0, 40) ?? 'nothing'}`);
}

function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function charactersOf(schema: Schema): number {
  try {
    return JSON.stringify(schema).length;
  } catch {
    throw unsayable('it contains itself: expected no alias (*name) inside what its anchor (&name) names');
  }
}

function unsayable(why: string): Failure {
  return new Failure('fatal', 'bad_schema', why);
}
