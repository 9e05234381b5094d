import { z } from 'zod';
import { stageSlot } from '../../stages/added/stage-slot.ts';
import { formatSlot } from '../../stages/formats/index.ts';
import { badPlugin, type Fit, type Part, type PartSource, type Slot } from '../../stages/registry/slot.ts';
import { trainingTypeSlot } from '../../stages/training-types/index.ts';
import { errorText, Failure } from '../../streams/failure.ts';
import { extractorSlot } from '../documents/extract/extractor-slot.ts';
import { indexSlot } from '../documents/index/plugin/index-slot.ts';
import { engineSlot } from '../engines/engine-slot.ts';
import { readerSlot } from '../input/readers/reader-slot.ts';
import { modelProviderSlot } from '../models/providers.ts';
import { toolSlot } from '../tools/own/tool-slot.ts';
import { searchProviderSlot } from '../tools/web-search/provider-slot.ts';
import type { Plugin } from './plugin.ts';

/** Every kind of part, by the name of its list in a plugin. A new kind is a slot of its own and an entry here. */
const KINDS = {
  trainingTypes: kindOf(trainingTypeSlot, ({ trainingTypes }) => trainingTypes),
  formats: kindOf(formatSlot, ({ formats }) => formats),
  stages: kindOf(stageSlot, ({ stages }) => stages),
  readers: kindOf(readerSlot, ({ readers }) => readers),
  engines: kindOf(engineSlot, ({ engines }) => engines),
  tools: kindOf(toolSlot, ({ tools }) => tools),
  searchProviders: kindOf(searchProviderSlot, ({ searchProviders }) => searchProviders),
  extractors: kindOf(extractorSlot, ({ extractors }) => extractors),
  indexes: kindOf(indexSlot, ({ indexes }) => indexes),
  models: kindOf(modelProviderSlot, ({ models = {} }) =>
    Object.entries(models).map(([name, open]) => ({ name, open })),
  ),
} satisfies Record<Exclude<keyof Plugin, 'name' | 'version'>, Kind>;

type Kind = Readonly<{
  slot: Pick<Slot<Part>, 'noun' | 'names' | 'sourceOf'>;
  /** Throws a Failure (`bad_plugin`), or whatever the plugin's own code throws. */
  check(plugin: Plugin, source: PartSource): Fit;
}>;

function kindOf<P extends Part>(slot: Slot<P>, listIn: (plugin: Plugin) => readonly P[] | undefined): Kind {
  return { slot, check: (plugin, source) => slot.fit(listIn(plugin) ?? [], source) };
}

const NAME = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i;
const head = z.object({
  name: z.string().regex(NAME, 'expected a name as of a package, such as @me/cards'),
  version: z.string().regex(/^\d+\.\d+\.\d+\S*$/, 'expected a version such as 1.0.0'),
});

type Registered = Readonly<{ plugin: Plugin; where: string }>;

const registered = new Map<string, Registered>();

/** A plugin at its place. */
export type Registration = Readonly<{
  /** Takes its parts out again. */
  undo(): void;
}>;

/**
 * Registers the parts of a plugin in this process: all of them, or none. The same plugin again changes nothing. Throws a fatal
 * Failure (`bad_plugin`) that names the plugin, what was expected and what to do.
 * @param where the module it was loaded from, or `settings`.
 */
export function registerPlugin(plugin: unknown, where = 'settings'): Registration {
  assertPlugin(plugin);
  const source = { name: plugin.name, version: plugin.version };
  const existing = registered.get(source.name);
  if (existing?.plugin === plugin) return { undo: () => undefined };
  if (existing !== undefined)
    throw badPlugin(
      source,
      `a plugin of this name is registered already (${existing.plugin.version}): register one of the two, and pass the same value each time`,
    );
  const fits = allFit(plugin, source);
  for (const fit of fits) fit.put();
  registered.set(source.name, { plugin, where });
  return {
    undo: () => {
      for (const fit of fits) fit.takeOut();
      registered.delete(source.name);
    },
  };
}

function assertPlugin(plugin: unknown): asserts plugin is Plugin {
  const { success, error } = head.safeParse(plugin);
  if (success) return;
  const [issue] = error.issues;
  const named = z.looseObject({ name: z.string() }).safeParse(plugin).data?.name ?? 'without a name';
  throw badPlugin(
    { name: named, version: '' },
    `${issue?.path.join('.') || 'it'}: ${issue?.message}. Make it with definePlugin({ name, version, … })`,
  );
}

function allFit(plugin: Plugin, source: PartSource): readonly Fit[] {
  try {
    assertLists(plugin, source);
    return Object.values(KINDS).map(({ check }) => check(plugin, source));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw badPlugin(source, `it threw while it was registered: ${errorText(error)}`, error);
  }
}

function assertLists(plugin: Plugin, source: PartSource): void {
  const kinds = Object.keys(KINDS);
  for (const [key, list] of Object.entries(plugin)) {
    if (key === 'name' || key === 'version' || list === undefined) continue;
    if (!kinds.includes(key))
      throw badPlugin(source, `there is no slot named ${key}: expected ${kinds.join(', ')}`);
    if (key === 'models' && (typeof list !== 'object' || Array.isArray(list)))
      throw badPlugin(source, 'models: expected functions by prefix, as in models: { mine: (context) => … }');
    if (key !== 'models' && !Array.isArray(list))
      throw badPlugin(source, `${key}: expected a list, as in ${key}: [ … ]`);
  }
}

/** A registered part, for people. */
export type ListedPart = Readonly<{
  /** `training type`, `format` … */
  kind: string;
  name: string;
  /** Who brought it: `millrace`, or a plugin with its version. */
  plugin: string;
  /** The module it was loaded from, `settings`, or `built in`. */
  where: string;
}>;

/** What is registered in this process, ours first. */
export function registeredParts(): readonly ListedPart[] {
  return Object.values(KINDS).flatMap(({ slot }) =>
    slot.names.map((name) => {
      const { name: plugin = '', version = '' } = slot.sourceOf(name) ?? {};
      const where = registered.get(plugin)?.where ?? 'built in';
      return { kind: slot.noun, name, plugin: version === '' ? plugin : `${plugin} ${version}`, where };
    }),
  );
}
