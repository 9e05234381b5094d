import type { PieceFinder } from '../../../../stages/evidence/finder.ts';
import { Failure } from '../../../../streams/failure.ts';
import type { DocumentIndex } from '../document-index.ts';
import { BroughtFinder } from './brought-finder.ts';
import type { BroughtIndex } from './index-provider.ts';
import { MirroredWriting } from './mirrored-writing.ts';
import { indexMark, openBrought } from './open-brought.ts';

type Place = Readonly<{ data: string; namespace: string; index: string; embeddings?: unknown }>;
type Finder = PieceFinder & Readonly<{ close(): Promise<void> }>;

/** Our index, and that of a plugin which is given what it is given. Rejects with Failures, and closes ours then. */
export async function mirrored<Index extends DocumentIndex>(ours: Index, place: Place): Promise<Index> {
  const brought = await openedBeside(ours, place);
  return overlaid(
    ours,
    new MirroredWriting(ours, brought, { name: place.index, mark: indexMark(place.index) }),
  );
}

/** Ours, but for searches, which are made in the index of a plugin. Rejects with Failures, and closes ours then. */
export async function searchedBeside<Ours extends Finder>(ours: Ours, place: Place): Promise<Ours> {
  return overlaid(ours, new BroughtFinder(await openedBeside(ours, place), ours, place.index));
}

async function openedBeside(ours: Readonly<{ close(): unknown }>, place: Place): Promise<BroughtIndex> {
  const isPaidInVain = place.embeddings !== undefined;
  const opened = isPaidInVain ? Promise.reject(paidInVain(place.index)) : openBrought(place.index, place);
  return opened.catch(async (error: unknown) => {
    await ours.close();
    throw error;
  });
}

function paidInVain(index: string): Failure {
  const message = `embeddings is for our own index, and ${index} searches in its place: leave one of the two settings out.`;
  return new Failure('fatal', 'bad_setting', message);
}

/** Ours, with what the other has in its place. */
function overlaid<Ours extends object>(ours: Ours, over: object): Ours {
  return new Proxy(ours, {
    get: (_, name) => {
      const of = name in over ? over : ours;
      const member: unknown = Reflect.get(of, name);
      return typeof member === 'function' ? member.bind(of) : member;
    },
  });
}
