import { Failure } from '../../streams/failure.ts';

type Schema = Readonly<Record<string, unknown>>;

const MAX_CHARACTERS = 32 * 1_024;
const MAX_DEPTH = 24;
const MAX_PARTS = 5_000;
/** Values by names that somebody chose: each is a schema. */
const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependencies']);
/** What is data and no schema, however it looks. */
const DATA: ReadonlySet<string> = new Set(['const', 'enum']);
/** What says nothing about a value, or is of no use once each `$ref` has its target in its place. */
const GONE: ReadonlySet<string> = new Set([
  ...['$schema', '$id', 'id', '$anchor', '$comment', '$defs', 'definitions', '$async'],
  ...['title', 'description', 'default', 'examples', 'format', 'discriminator', 'nullable'],
]);

/**
 * The JSON schema with the target of each `$ref` in its place. So what a stranger wrote has a bounded size, and a check of it a bounded
 * time: a few definitions that name each other twice would take years. Throws a Failure (`bad_tools`) that says what cannot be used.
 */
export function refsInPlace(schema: Schema): Schema {
  if (JSON.stringify(schema).length > MAX_CHARACTERS) throw unusable('it is larger than 32 KiB');
  return asSchema(placed(schema, { root: schema, depth: 0, counted: { parts: 0 } }));
}

type Walk = Readonly<{ root: Schema; depth: number; counted: { parts: number } }>;

function assertBounded({ counted, depth }: Walk): void {
  counted.parts += 1;
  if (counted.parts > MAX_PARTS)
    throw unusable(`it has more than ${MAX_PARTS} parts, each $ref with its target in its place`);
  if (depth > MAX_DEPTH)
    throw unusable(`it is nested deeper than ${MAX_DEPTH} levels, or a $ref leads back to itself`);
}

function placed(part: unknown, walk: Walk): unknown {
  if (Array.isArray(part)) return part.map((each) => placed(each, walk));
  if (typeof part !== 'object' || part === null) return part;
  assertBounded(walk);
  const { $ref, ...rest } = asSchema(part);
  const deeper = { ...walk, depth: walk.depth + 1 };
  const own = Object.fromEntries(
    Object.entries(rest).flatMap(([keyword, value]) =>
      GONE.has(keyword) ? [] : [[keyword, within(keyword, value, deeper)]],
    ),
  );
  if ($ref === undefined) return own;
  const target = placed(targetOf($ref, walk.root), deeper);
  return Object.keys(own).length === 0 ? target : { allOf: [target, own] };
}

function within(keyword: string, value: unknown, walk: Walk): unknown {
  if (DATA.has(keyword)) return value;
  if (!MAPS.has(keyword) || typeof value !== 'object' || value === null) return placed(value, walk);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, placed(inner, walk)]));
}

/** What `#/$defs/place` names. */
function targetOf(ref: unknown, root: Schema): unknown {
  const shown = JSON.stringify(ref)?.slice(0, 80) ?? '';
  if (typeof ref !== 'string' || !/^#(?:\/|$)/.test(ref))
    throw unusable(`$ref ${shown} leads out of it: expected one that begins with #/`);
  let at: unknown = root;
  for (const step of ref.split('/').slice(1).map(unescaped))
    at =
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? Object.entries(at).find(([name]) => name === step)?.[1]
        : undefined;
  if (at === undefined) throw unusable(`$ref ${shown} names nothing in it`);
  return at;
}

/** RFC 6901. */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A schema that cannot be used, and why: whoever knows whose it is says so. */
export function unusable(why: string): Failure {
  return new Failure('poison', 'bad_tools', why);
}
