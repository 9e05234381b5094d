import type { PieceFinder } from '../../stages/evidence/finder.ts';
import type { Store } from '../../stages/store/store.ts';
import type { Log } from '../../streams/log/log.ts';
import type { LogAdmin } from '../../streams/log/log-admin.ts';
import type { QueryEmbedding } from '../documents/vectors/query-embedding.ts';
import type { Traces } from '../traces/traces.ts';

/** A log and a store that belong together. */
export type Engine = Readonly<{
  log: Log;
  store: Store;
  /** What operators do to the log. */
  admin: LogAdmin;
  /** Partitions of a topic that is made here. */
  partitions: number;
  /** Searches the documents that were added. Absent: none can be here. */
  finder?: PieceFinder | undefined;
  /** Make vectors of what is searched for. Absent where documents are searched by words alone. */
  embedders?: QueryEmbedding | undefined;
  /** Makes spans of the work. Absent where no collector is set. */
  traces?: Traces | undefined;
  close(): Promise<void>;
}>;

/** An engine that closes at the end of the block which `await using` opens it in. */
export type OpenedEngine = Engine & AsyncDisposable;

/**
 * What a process wants of an engine. `consume`: work the topics. `append`: write records and read, beside those who do.
 * `read`: the same, but it fails with `no_data` where there is nothing yet.
 */
export type EngineMode = 'consume' | 'append' | 'read';
