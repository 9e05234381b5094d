import { badPlugin } from '../../../../stages/registry/slot.ts';
import { errorText, Failure } from '../../../../streams/failure.ts';
import { retryWithin } from '../../../../streams/work/retry-within.ts';
import type { BroughtIndex, IndexProvider } from './index-provider.ts';
import { indexSlot } from './index-slot.ts';

/** An index that is down is waited for so long. */
const PATIENCE_MS = 60_000;

/** What a document in the index was put by, beside its extractor. */
export function indexMark(name: string): string {
  return `${name}@${providerNamed(name).version}`;
}

/** Opens the index that a plugin brought. Throws a Failure (`unknown_index`, `bad_plugin`) that says what was expected. */
export async function openPluginIndex(
  name: string,
  { data, namespace }: Readonly<{ data: string; namespace: string }>,
): Promise<BroughtIndex> {
  const provider = providerNamed(name);
  const source = indexSlot.sourceOf(name) ?? { name, version: '' };
  const index: unknown = await Promise.resolve()
    .then(() => provider.open({ data, namespace }))
    .catch((error: unknown) => {
      if (error instanceof Failure) throw error;
      throw badPlugin(source, `the index ${name} could not open: ${errorText(error)}`, error);
    });
  if (isIndex(index)) return index;
  throw badPlugin(source, `the index ${name}: expected open to give { put, remove, search }`);
}

function providerNamed(name: string): IndexProvider {
  if (indexSlot.parts.size > 0) return indexSlot.named(name, 'unknown_index');
  const message = `Unknown index "${name}": no plugin brings any. Take the setting index out, or name its plugin in plugins.`;
  throw new Failure('fatal', 'unknown_index', message);
}

function isIndex(value: unknown): value is BroughtIndex {
  const { put, remove, search } = Object(value);
  return [put, remove, search].every((each) => typeof each === 'function');
}

/** Asks an index of a plugin, again for a minute where it throws. Rejects with a Failure of kind `fatal` (`index_failed`). */
export async function asked<T>(name: string, ask: () => T | Promise<T>): Promise<T> {
  const once = async () => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Failure) throw error;
      const message = `The index ${name} failed: ${errorText(error)}`;
      throw new Failure('transient', 'index_failed', message, { cause: error });
    }
  };
  return retryWithin(once, PATIENCE_MS).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'index_failed') throw error;
    throw new Failure('fatal', error.code, error.message, { cause: error });
  });
}
