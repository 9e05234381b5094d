import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { badPlugin } from '../../stages/registry/slot.ts';
import { errorText, Failure } from '../../streams/failure.ts';
import { withOwnPackage } from './own-package.ts';
import type { PluginEntry } from './plugin.ts';
import { type Registration, registerPlugin } from './register.ts';

/** The entries with the paths among them as paths from the root. */
export function fromDirectory(entries: unknown, directory: string): unknown {
  if (!Array.isArray(entries)) return entries;
  return entries.map((entry: unknown) =>
    typeof entry === 'string' && entry.startsWith('.') ? resolve(directory, entry) : entry,
  );
}

/**
 * Loads and registers plugins in order: all of them, or none. Rejects with a fatal Failure (`bad_plugin`) that names the plugin,
 * what was expected and what to do. A module is run with the rights of this process.
 */
export async function registerPlugins(entries: readonly PluginEntry[]): Promise<void> {
  const done: Registration[] = [];
  try {
    for (const entry of entries) {
      const where = typeof entry === 'string' ? entry : 'settings';
      done.push(registerPlugin(await pluginOf(entry), where));
    }
  } catch (error) {
    for (const registration of done.toReversed()) registration.undo();
    throw error;
  }
}

async function pluginOf(entry: PluginEntry): Promise<unknown> {
  const value = typeof entry === 'string' ? await moduleNamed(entry) : entry;
  if (!isFunction(value)) return value;
  const name = typeof entry === 'string' ? entry : 'of the settings';
  const known = made.get(value) ?? (await madeBy(value, name));
  made.set(value, known);
  return known;
}

/** What functions made: the same function is the same plugin. */
const made = new WeakMap<object, unknown>();

async function madeBy(make: () => unknown, name: string): Promise<unknown> {
  try {
    return await make();
  } catch (error) {
    throw unloaded(name, `its function threw: ${textOf(error)}`, error);
  }
}

async function moduleNamed(name: string): Promise<unknown> {
  try {
    const url = isAbsolute(name) ? pathToFileURL(name).href : pathToFileURL(packageNamed(name)).href;
    const module: unknown = await withOwnPackage(() => import(url));
    if (typeof module === 'object' && module !== null && 'default' in module) return module.default;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unloaded(name, `it cannot be loaded: ${textOf(error)}`, error);
  }
  throw unloaded(name, 'its module has no default export');
}

/** As if a module of the working directory imported it. */
function packageNamed(name: string): string {
  return createRequire(join(process.cwd(), 'millrace.config.js')).resolve(name);
}

function unloaded(name: string, problem: string, cause?: unknown): Failure {
  const todo =
    'Expected a module whose default export is definePlugin({ name, version, … }): install or mend it, or take it out of plugins';
  return badPlugin({ name, version: '' }, `${problem}. ${todo}`, cause);
}

/** The first line: what follows is the way there (`Require stack`). */
function textOf(thrown: unknown): string {
  const [line = ''] = errorText(thrown).split('\n');
  return line;
}

function isFunction(value: unknown): value is () => unknown {
  return typeof value === 'function';
}
