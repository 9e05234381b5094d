import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { FoundPiece, ReadStretch, Stretch } from '../../../stages/evidence/finder.ts';
import { Failure } from '../../../streams/failure.ts';
import { packageRoot } from '../../package-root.ts';
import type { SpaceTally, VectorSearch, WantedByVector } from '../vectors/vector-index.ts';

type Said = Readonly<{
  found?: readonly FoundPiece[];
  read?: ReadStretch | undefined;
  spaces?: readonly SpaceTally[];
}>;
/** Nothing but its id: there is no index. */
export type SearchReply = Readonly<{ id: number }> & (Said | Readonly<{ code: string; message: string }>);

type Waiting = Readonly<{
  resolve(said: Said): void;
  reject(failure: Failure): void;
}>;

/** Searches an index in a thread of its own, on a connection that only reads. The thread starts with the first search. */
export class SearchThread implements VectorSearch {
  readonly #path: string;
  #worker: Promise<Worker> | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async find({ text, limit, sources, vector }: WantedByVector): Promise<readonly FoundPiece[]> {
    return (await this.#ask({ text, limit, sources, vector })).found ?? [];
  }

  async read(stretch: Stretch): Promise<ReadStretch | undefined> {
    return (await this.#ask(stretch)).read;
  }

  async spaces(): Promise<readonly SpaceTally[]> {
    return (await this.#ask('spaces')).spaces ?? [];
  }

  async #ask(asked: WantedByVector | Stretch | 'spaces'): Promise<Said> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, asked });
    });
  }

  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.terminate();
  }

  async #start(): Promise<Worker> {
    const { Worker } = await import('node:worker_threads');
    const worker = new Worker(workerFile(), { workerData: this.#path });
    worker.unref();
    worker.on('message', (reply: SearchReply) => this.#answered(reply));
    let isOver = false;
    // One that breaks says so, and then that it has ended: the next may be at work by then.
    const end = (how: string) => {
      if (!isOver) this.#ended(`the thread that searches them ${how}`);
      isOver = true;
    };
    worker.on('error', (cause) => end(`broke: ${cause.message}`));
    worker.on('exit', () => end('has ended'));
    return worker;
  }

  #answered(reply: SearchReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('code' in reply) waiting?.reject(new Failure('fatal', reply.code, reply.message));
    else waiting?.resolve(reply);
  }

  #ended(why: string): void {
    this.#worker = undefined;
    const failure = new Failure(
      'fatal',
      'search_failed',
      `The documents in ${this.#path} cannot be searched: ${why}.`,
    );
    for (const { reject } of this.#waiting.values()) reject(failure);
    this.#waiting.clear();
  }
}

/** As source beside this file, and built under the package's root. */
function workerFile(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./search-worker.ts', import.meta.url);
  return pathToFileURL(join(packageRoot(), 'dist', 'search-worker.js'));
}
