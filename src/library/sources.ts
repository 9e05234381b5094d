import { z } from 'zod';
import { type AddOptions, addSource, refreshSource } from '../features/sources/add-source.ts';
import { embedLacking } from '../features/sources/embed-source.ts';
import { type FollowOptions, followSource } from '../features/sources/follow-source.ts';
import { removeSource } from '../features/sources/forgotten-documents.ts';
import type { Added } from '../features/sources/read-source.ts';
import type { EmbeddingSettings } from '../infra/config/embedding-settings.ts';
import { parseSettings } from '../infra/config/load-settings.ts';
import type { SourceTally } from '../infra/documents/index/document-index.ts';
import { openIndexOf } from '../infra/documents/index/of-settings.ts';
import { openFinder } from '../infra/documents/vectors/open-finder.ts';
import { registerPlugins } from '../infra/plugins/load.ts';
import type { PluginEntry } from '../infra/plugins/plugin.ts';
import type { FoundPiece } from '../stages/evidence/finder.ts';
import { asFailure } from '../streams/failure.ts';

export type SourcesOptions = Readonly<{
  /** The directory of the data. Default: `.millrace`. */
  data?: string;
  /** Default: `millrace`. */
  namespace?: string;
  /** URI of a MongoDB: the index is there, in the database of the namespace. */
  mongo?: string;
  /** Whose extractors read further kinds of files, and whose indexes search. */
  plugins?: readonly PluginEntry[];
  /** A model by whose vectors documents are searched beside their words: `add`, `refresh` and `follow` make them. */
  embeddings?: EmbeddingSettings;
  /** An index that a plugin brings, by its name: documents are searched in it. */
  index?: string;
}>;

/** The documents that answers are to rest on: what `millrace sources` does. */
export type Sources = Readonly<{
  /** Indexes a folder or a file; the same again reads only what has changed. Throws a Failure (`bad_source`). */
  add(path: string, options?: AddOptions): Promise<Added>;
  /** Reads a source again. Throws a Failure (`bad_source`). */
  refresh(name: string): Promise<Added>;
  /**
   * Reads what changes in a source that was added, until the signal ends it, and makes vectors of what is new; what keeps them from being
   * made is told to `onTrouble`. Throws Failures.
   */
  follow(name: string, options: FollowOptions): Promise<void>;
  list(): Promise<readonly SourceTally[]>;
  /** What a question with these words would be shown, the best first. */
  search(
    words: string,
    options?: Readonly<{ limit?: number; sources?: readonly string[] }>,
  ): Promise<readonly FoundPiece[]>;
  /** Takes the text of a source out of the index. Throws a Failure (`bad_source`). */
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}>;

const limitSchema = z.int().min(1).max(1_000).default(10);

/** Opens the index of documents beside the embedded store or on MongoDB, and makes it where there is none. Throws Failures. */
export async function createSources({ plugins = [], ...options }: SourcesOptions = {}): Promise<Sources> {
  await registerPlugins(plugins);
  const settings = parseSettings(options);
  const index = await openIndexOf(settings);
  const finder = await openFinder(settings);
  // One after the other: text that is new to two of them is embedded once.
  let last: Promise<unknown> = Promise.resolve();
  const embed = () => {
    const made = last.then(() => embedLacking(index, settings));
    last = made.catch(() => undefined);
    return made;
  };
  const embedded = async (added: Added) => {
    await embed();
    return added;
  };
  const follow: Sources['follow'] = async (name, how) => {
    const onRead = (added: Added) => {
      how.onRead(added);
      // The trouble of now may be over at the next change: what lacks vectors is found by its words.
      if (added.newChunks > 0) embed().catch((error: unknown) => how.onTrouble(asFailure(error).message));
    };
    await followSource(index, name, { ...how, onRead });
    await last;
  };
  return {
    add: async (from, how) => embedded(await addSource(index, from, how)),
    refresh: async (name) => embedded(await refreshSource(index, name)),
    follow,
    list: async () => index.sources(),
    search: (text, { limit, sources } = {}) =>
      finder.find({ text, limit: limitSchema.parse(limit), sources }),
    remove: async (name) => {
      await removeSource(index, name);
    },
    close: async () => {
      await finder.close();
      await index.close();
    },
  };
}
