import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Collection, type CommandStartedEvent, type Document, MongoClient } from 'mongodb';
import { vi } from 'vitest';
import { costlySteps } from './costly-steps.ts';

const SOURCE = join(import.meta.dirname, '../../../../../src/infra/engines/mongo');
const METHODS = [
  ...(['find', 'findOne', 'findOneAndUpdate', 'aggregate', 'distinct', 'countDocuments'] as const),
  ...(['updateOne', 'updateMany', 'replaceOne', 'bulkWrite', 'deleteOne', 'deleteMany'] as const),
];
/** Looks and changes by a filter. Arrays have a `find` too, which takes a function. */
const CALL = new RegExp(`\\.(${METHODS.join('|')})(<.*>)?\\((?!\\(|entry)`);
export type Explained = Readonly<{ collection: string; shape: string; step: string }>;

/** Hears of every command that looks for documents, and explains one of each shape while its documents are there. */
export class CommandPlans {
  readonly #uri: string;
  readonly #fresh = new Map<string, Document>();
  readonly #known = new Set<string>();
  readonly #sites = new Set<string>();
  readonly costly: Explained[] = [];

  constructor(uri: string) {
    this.#uri = uri;
    const { emit } = MongoClient.prototype;
    const hear = (event: unknown) => this.#hear(event);
    vi.spyOn(MongoClient.prototype, 'emit').mockImplementation(function (this: MongoClient, name, ...rest) {
      if (name === 'commandStarted') hear(rest[0]);
      return Reflect.apply(emit, this, [name, ...rest]);
    });
    for (const method of METHODS) this.#spy(method);
  }

  /** To be opened with, so that the driver tells of its commands. */
  get uri(): string {
    return `${this.#uri}${this.#uri.includes('?') ? '&' : '/?'}monitorCommands=true`;
  }

  /** Lines of the adapter that look for documents and were never reached. */
  unreached(): readonly string[] {
    return callingLines().filter((line) => !this.#sites.has(line));
  }

  /** Explains what is new since the last time. */
  async explain(namespace: string): Promise<void> {
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    const client = await new MongoClient(this.#uri).connect();
    for (const [shape, command] of fresh) {
      const plan = await client.db(namespace).command({ explain: command, verbosity: 'executionStats' });
      const collection = String(Object.values(command)[0]);
      this.costly.push(...costlySteps(plan, collection).map((step) => ({ collection, shape, step })));
    }
    await client.close();
  }

  #hear(event: unknown): void {
    for (const command of explainable(event)) {
      const shape = shapeOf(command);
      if (this.#known.has(shape)) continue;
      this.#known.add(shape);
      this.#fresh.set(shape, command);
    }
  }

  #spy(method: (typeof METHODS)[number]): void {
    const real: unknown = Collection.prototype[method];
    const seen = (stack: string) => {
      for (const [, path = '', line] of stack.matchAll(/([^\s(]+\.ts):(\d+)/g))
        this.#sites.add(`${pathOf(path)}:${line}`);
    };
    Object.defineProperty(Collection.prototype, method, {
      configurable: true,
      value: function (this: unknown, ...given: unknown[]) {
        seen(new Error().stack ?? '');
        return Reflect.apply(real as (...all: unknown[]) => unknown, this, given);
      },
    });
  }
}

function explainable(event: unknown): readonly Document[] {
  const { commandName, command } = event as CommandStartedEvent;
  // A plan is the same within a snapshot or a transaction.
  const { lsid: _, $db: __, $clusterTime: ___, txnNumber: ____, ...rest } = command;
  const { startTransaction: _____, autocommit: ______, readConcern: _______, ...plain } = rest;
  if (['find', 'aggregate', 'count', 'distinct', 'findAndModify'].includes(commandName)) return [plain];
  if (commandName === 'update')
    return plain['updates'].map((each: Document) => ({ update: plain['update'], updates: [each] }));
  if (commandName === 'delete')
    return plain['deletes'].map((each: Document) => ({ delete: plain['delete'], deletes: [each] }));
  return [];
}

/** The command without its values: two that differ in nothing else are found in the same way. */
function shapeOf(command: Document): string {
  const [name, collection] = Object.entries(command)[0] ?? [];
  const { filter, query, pipeline, sort, updates, deletes } = command;
  const looks = filter ?? query ?? pipeline ?? [updates ?? deletes ?? []].flat().map(({ q }: Document) => q);
  return JSON.stringify([
    { [name ?? '']: collection },
    withoutValues(looks),
    sort instanceof Map ? [...sort] : sort,
  ]);
}

function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isPlain) ? distinct(value.map(withoutValues)) : '[…]';
  if (!isPlain(value)) return '…';
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutValues(inner)]));
}

/** Ten ranges of ids are found as one is. */
function distinct(shapes: readonly unknown[]): readonly unknown[] {
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && (Array.isArray(value) || value.constructor === Object)
  );
}

/** In the adapter's folder. */
function pathOf(module: string): string {
  return relative(SOURCE, module.startsWith('file:') ? fileURLToPath(module) : module);
}

function callingLines(): readonly string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) => {
    const lines = readFileSync(join(SOURCE, file), 'utf8').split('\n');
    return lines.flatMap((line, index) => (CALL.test(line) ? [`${file}:${index + 1}`] : []));
  });
}
