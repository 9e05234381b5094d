import { Failure } from '../../../../streams/failure.ts';
import type { Finder, WritableIndex } from '../document-index.ts';
import type { IndexPlace } from '../index-place.ts';
import type { BroughtIndex } from './index-provider.ts';
import { MirroredIndex } from './mirrored-index.ts';
import { indexMark, openPluginIndex } from './open-plugin-index.ts';
import { PluginFinder } from './plugin-finder.ts';

type Place = IndexPlace & Readonly<{ index: string }>;

/** Our index, and that of a plugin which is given what it is given. Rejects with Failures, and closes ours then. */
export async function mirroredToPlugin(ours: WritableIndex, place: Place): Promise<WritableIndex> {
  const brought = await openedOrClosed(ours, place);
  return new MirroredIndex(ours, brought, { name: place.index, mark: indexMark(place.index) });
}

/** Searches in the index of a plugin, and reads in ours. Rejects with Failures, and closes ours then. */
export async function searchedByPlugin(ours: Finder, place: Place): Promise<Finder> {
  return new PluginFinder(await openedOrClosed(ours, place), ours, place.index);
}

async function openedOrClosed(ours: Readonly<{ close(): unknown }>, place: Place): Promise<BroughtIndex> {
  try {
    if (place.embeddings !== undefined) throw paidInVain(place.index);
    return await openPluginIndex(place.index, place);
  } catch (error) {
    await ours.close();
    throw error;
  }
}

function paidInVain(index: string): Failure {
  const message = `embeddings is for our own index, and ${index} searches in its place: leave one of the two settings out.`;
  return new Failure('fatal', 'bad_setting', message);
}
