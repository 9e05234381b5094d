import { isObject } from '../../../stages/text/json.ts';
import { listOrEmpty, numberAt, resolved, type Schema, schemasOf } from '../json-schema.ts';

/** Where in the value we are: property names and list positions, from the root. */
export type Path = readonly (string | number)[];

/** Where the contents of an invented value come from; its shape comes from the schema. */
export type ValueSource = Readonly<{
  text(path: Path): string;
  /** A number from `least` to `most`, both included. */
  number(path: Path, least: number, most: number): number;
  /** A whole number from 0 to below `count`. */
  pick(count: number): number;
}>;

/** What the value may still grow by: a schema of a stranger may ask for a list of a hundred million. */
type Room = { values: number; characters: number };

type Place = Readonly<{ root: Schema; source: ValueSource; path: Path; room: Room }>;

/** From this depth on lists are short and unions take what ends them; schemas may contain themselves. */
const MAX_DEPTH = 8;
const END_DEPTH = 32;
const USUAL_ITEMS = 3;
/** More than a schema asks for that a model could answer. */
const MOST_VALUES = 10_000;
const MOST_CHARACTERS = 1_000_000;

/**
 * An invented value that fits a JSON schema (draft 7, or the strict subset of it): all properties present, lists as
 * long as they must be or of a usual length. Values of an enum take turns along a list, so that roles alternate.
 * Patterns and formats of strings are not looked at. What asks for more than 10,000 values or a million characters gets less.
 */
export function valueFromSchema(root: Schema, source: ValueSource): unknown {
  return valueAt(root, {
    ...{ root, source, path: [] },
    room: { values: MOST_VALUES, characters: MOST_CHARACTERS },
  });
}

function valueAt(schema: Schema, place: Place): unknown {
  if (place.path.length > END_DEPTH) return null;
  const at = resolved(schema, place.root);
  if ('const' in at) return at['const'];
  const choices = listOrEmpty(at['enum']);
  if (isScale(choices)) return numberOf({ minimum: choices.at(-1), maximum: choices.at(0) }, place);
  if (choices.length > 0) return choices[turn(place, choices.length)];
  const options = listOrEmpty(at['anyOf'] ?? at['oneOf']).filter(isObject);
  if (options.length > 0) return valueAt(optionOf(options, place), place);
  const parts = listOrEmpty(at['allOf']).filter(isObject);
  if (parts.length > 0) return Object.assign({}, ...parts.map((part) => valueAt(part, place)));
  return typedValue(at, place);
}

/** Whether the values are whole numbers, one below the other. */
function isScale(choices: readonly unknown[]): boolean {
  const [first] = choices;
  return typeof first === 'number' && choices.every((choice, index) => choice === first - index);
}

function typedValue(schema: Schema, place: Place): unknown {
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, place);
    case 'array':
      return listFrom(schema, place);
    case 'integer':
    case 'number':
      return numberOf(schema, place);
    case 'boolean':
      return place.source.pick(2) === 1;
    case 'null':
      return null;
    default:
      return textOf(schema, place);
  }
}

function typeOf(schema: Schema): unknown {
  const type = schema['type'];
  if (Array.isArray(type)) return type.find((each) => each !== 'null') ?? 'null';
  return type ?? ('properties' in schema ? 'object' : 'string');
}

function objectOf(schema: Schema, place: Place): unknown {
  const entries = schemasOf(schema['properties']).map(
    ([name, property]) => [name, valueAt(property, inside(place, name))] as const,
  );
  return Object.fromEntries(entries);
}

function listFrom(schema: Schema, place: Place): unknown[] {
  const items = isObject(schema['items']) ? schema['items'] : {};
  const least = numberAt(schema, 'minItems') ?? 0;
  const most = numberAt(schema, 'maxItems') ?? Number.POSITIVE_INFINITY;
  const usual = place.path.length > MAX_DEPTH ? 0 : usualLength(resolved(items, place.root), place.root);
  const length = taken(place.room, 'values', Math.max(least, Math.min(usual, most)));
  return Array.from({ length }, (_, index) => valueAt(items, inside(place, index)));
}

/** Long enough for every value of an enum to have its turn, and for a conversation to go back and forth. */
function usualLength(items: Schema, root: Schema): number {
  const properties = schemasOf(items['properties']).map(([, property]) => resolved(property, root));
  const choices = Math.max(0, ...properties.map((property) => listOrEmpty(property['enum']).length));
  if (choices < 2) return USUAL_ITEMS;
  return choices <= USUAL_ITEMS ? choices * 2 : choices;
}

function optionOf(options: readonly Schema[], place: Place): Schema {
  const rich = options.filter((option) => option['type'] !== 'null');
  // Deep down, an option that refers to nothing ends a schema that contains itself.
  const plain = options.filter((option) => !('$ref' in option));
  const among = place.path.length > MAX_DEPTH ? plain : rich;
  return among[place.source.pick(among.length)] ?? options[0] ?? {};
}

function numberOf(schema: Schema, { source, path }: Place): number {
  const least = numberAt(schema, 'minimum') ?? above(schema) ?? 1;
  const most = numberAt(schema, 'maximum') ?? below(schema) ?? least + 9;
  if (least > most) return (least + most) / 2;
  // zod writes "any integer" as the range of safe ones.
  const from = least < -1e9 ? Math.min(1, most) : least;
  return source.number(path, from, most > 1e9 ? from + 9 : most);
}

function above(schema: Schema): number | undefined {
  const bound = numberAt(schema, 'exclusiveMinimum');
  return bound === undefined ? undefined : bound + 1;
}

function below(schema: Schema): number | undefined {
  const bound = numberAt(schema, 'exclusiveMaximum');
  return bound === undefined ? undefined : bound - 1;
}

function textOf(schema: Schema, { source, path, room }: Place): string {
  const text = source.text(path);
  const missing = Math.max(0, (numberAt(schema, 'minLength') ?? 0) - text.length);
  return text
    .padEnd(text.length + taken(room, 'characters', missing), '.')
    .slice(0, numberAt(schema, 'maxLength'));
}

/** As much of what is wanted as there is room for. */
function taken(room: Room, what: keyof Room, wanted: number): number {
  const given = Math.min(wanted, room[what]);
  room[what] -= given;
  return given;
}

function turn({ path, source }: Place, count: number): number {
  const index = path.findLast((step) => typeof step === 'number');
  return index === undefined ? source.pick(count) : index % count;
}

function inside(place: Place, step: string | number): Place {
  return { ...place, path: [...place.path, step] };
}
