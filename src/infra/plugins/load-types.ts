import { glob, readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import type { Lane } from '../../stages/lanes/lane.ts';
import type { Fit } from '../../stages/registry/slot.ts';
import type { Store } from '../../stages/store/store.ts';
import { canonical } from '../../stages/text/canonical-json.ts';
import { typeFrom } from '../../stages/training-types/data/from-definition.ts';
import { keepFormer } from '../../stages/training-types/former.ts';
import { trainingTypeSlot } from '../../stages/training-types/index.ts';
import type { AnyTrainingType } from '../../stages/training-types/training-type.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import type { LaneName } from '../../streams/work/work.ts';

const MAX_FILE_CHARACTERS = 256 * 1_024;

/** A file of a type, a pattern of such files, or the definition itself. */
export type TypeSetting = string | Readonly<Record<string, unknown>>;

/** A type, and where it stands, for people. */
type Placed = Readonly<{ type: AnyTrainingType; where: string }>;

/**
 * Registers the types that are data: all of them, or none. One that is registered already, and says the same, stays. Rejects with a
 * fatal Failure (`bad_type`, `bad_schema`) that names the file and what is wrong in it.
 * @param onNone hears of an entry that no file is found for. Left out: that is a Failure too.
 */
export async function registerTypes(
  entries: readonly TypeSetting[],
  onNone?: (text: string) => void,
): Promise<void> {
  const read: Placed[] = [];
  for (const entry of entries) read.push(...(await typesOf(entry, onNone)));
  assertTold(read);
  const types = read.map(({ type }) => type);
  const fresh = [...new Map(types.map((type) => [type.name, type])).values()].filter(
    ({ name, definition }) => saidOf(name) !== canonical(definition),
  );
  const replaced = fresh.flatMap(({ name }) => registered.get(name) ?? []);
  for (const fit of replaced) fit.takeOut();
  const fits = new Map<string, Fit>();
  try {
    for (const type of fresh) fits.set(type.name, registeredAs(type));
  } catch (error) {
    for (const fit of [...fits.values()].toReversed()) fit.takeOut();
    for (const fit of replaced) fit.put();
    throw error;
  }
  for (const [name, fit] of fits) registered.set(name, fit);
}

/** Those that came from data: another process's, or a later, definition of the same name takes their place. */
const registered = new Map<string, Fit>();

function saidOf(name: string): string | undefined {
  const definition = trainingTypeSlot.parts.get(name)?.definition;
  return definition === undefined ? undefined : canonical(definition);
}

function registeredAs(type: AnyTrainingType): Fit {
  try {
    const fit = trainingTypeSlot.fit([type], { name: 'types', version: '' });
    fit.put();
    return fit;
  } catch (cause) {
    throw new Failure('fatal', 'bad_type', asFailure(cause).message.replace(/^Plugin types: /, ''), {
      cause,
    });
  }
}

/**
 * Registers the types of a lane that are data, and that nothing here has registered: its examples can be read and written then. Where
 * another definition is registered, the lane's is kept for examples that fit it alone.
 */
export function registerTypesOf({
  recipes: { types = {} },
  formerTypes = [],
}: Pick<Lane, 'recipes' | 'formerTypes'>): void {
  for (const [name, { definition }] of Object.entries(types)) {
    if (definition === undefined) continue;
    if (trainingTypeSlot.parts.has(name)) keepAsFormer(name, definition);
    else registered.set(name, registeredAs(typeFrom(definition, `type ${name}`)));
  }
  for (const definition of formerTypes) {
    const name = String(definition['name']);
    const type = keepAsFormer(name, definition);
    if (type !== undefined && !trainingTypeSlot.parts.has(name)) registered.set(name, registeredAs(type));
  }
}

/** The same for the lane of this name, where there is one. */
export async function registerTypesOfLane({ lanes }: Pick<Store, 'lanes'>, name: LaneName): Promise<void> {
  const lane = await lanes.get(name);
  if (lane !== undefined) registerTypesOf(lane);
}

/** What was allowed once may be refused today: then examples are read without it, as before. */
function keepAsFormer(name: string, definition: Readonly<Record<string, unknown>>) {
  if (saidOf(name) === canonical(definition)) return undefined;
  try {
    const type = typeFrom(definition, `type ${name}`);
    keepFormer(type);
    return type;
  } catch {
    return undefined;
  }
}

async function typesOf(
  entry: TypeSetting,
  onNone: ((text: string) => void) | undefined,
): Promise<readonly Placed[]> {
  if (typeof entry !== 'string') {
    const where = `types: ${String(entry['name'] ?? 'one of them')}`;
    return [{ type: typeFrom(entry, where), where }];
  }
  const files: string[] = [];
  for await (const file of glob(entry)) files.push(file);
  if (files.length === 0) {
    const none = `types: there is no file ${entry}. Expected a path such as types/*.yaml.`;
    if (onNone === undefined) throw new Failure('fatal', 'bad_type', none);
    onNone(none);
  }
  return Promise.all(files.toSorted().map(async (file) => ({ type: await readType(file), where: file })));
}

/** Throws a Failure (`bad_type`) that names both where two types of one name say different things. */
function assertTold(types: readonly Placed[]): void {
  const known = new Map<string, Placed>();
  for (const each of types) {
    const { name, definition } = each.type;
    const other = known.get(name);
    if (other !== undefined && canonical(other.type.definition) !== canonical(definition)) {
      const both = `${other.where} and ${each.where} are both named ${name}`;
      throw new Failure('fatal', 'bad_type', `${both}. Give one of them another name.`);
    }
    known.set(name, other ?? each);
  }
}

/** The type in a file. Rejects as `registerTypes` does. */
export async function readType(file: string): Promise<AnyTrainingType> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Failure('fatal', 'bad_type', `${file}: it cannot be read.`, { cause });
  });
  if (text.length > MAX_FILE_CHARACTERS)
    throw new Failure('fatal', 'bad_type', `${file}: it is larger than 256 KiB.`);
  let definition: unknown;
  try {
    definition = parseYaml(text, { maxAliasCount: 100 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new Failure('fatal', 'bad_type', `${file}: no YAML: ${why}`, { cause });
  }
  return typeFrom(definition, file);
}
