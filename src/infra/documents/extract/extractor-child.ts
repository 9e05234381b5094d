import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../../streams/failure.ts';
import { packageRoot } from '../../package-root.ts';
import type { ExtractedText } from '../text/block.ts';
import type { ExtractionReply } from './child.ts';
import { BAD_EXTRACTOR, refusal } from './refusal.ts';

/** A child works so many files, so that what a parser keeps of them does not grow without end. */
const MOST_FILES = 100;
const MOST_MS = 60_000;
const MIB = 1_024 * 1_024;
const MOST_RESIDENT_BYTES = 1_024 * MIB;
const LOOK_EVERY_MS = 200;
const MOST_HEAP_MB = 256;
const PAGE_BYTES = 4_096;

/** Default: a minute, and 1 GiB. */
export type ExtractorLimits = Readonly<{ mostMs?: number; mostResidentBytes?: number }>;

/**
 * Reads files of strangers in a child process that may read nothing but Millrace and its parsers, write nothing and start nothing, and
 * that is ended after a minute or at 1 GiB. One file at a time.
 */
export class ExtractorChild {
  readonly #mostMs: number;
  readonly #mostBytes: number;
  readonly #module: string | undefined;
  #child: ChildProcess | undefined;
  #files = 0;

  /** @param limits `module`: the URL of that of an extractor of a plugin, which it may read as well. */
  constructor({
    mostMs = MOST_MS,
    mostResidentBytes = MOST_RESIDENT_BYTES,
    module,
  }: ExtractorLimits & Readonly<{ module?: string | undefined }> = {}) {
    this.#mostMs = mostMs;
    this.#mostBytes = mostResidentBytes;
    this.#module = module;
  }

  /**
   * Throws a Failure of kind `poison` where the file cannot be read, or takes too much; of kind `fatal` (`bad_extractor`) where the
   * module cannot be used.
   *
   * @param module that reads it: `millrace:pdf`, or the URL of a file.
   */
  async extract(module: string, bytes: Uint8Array, name: string): Promise<ExtractedText> {
    if (this.#files >= MOST_FILES) this.close();
    this.#files += 1;
    this.#child ??= await start(this.#module);
    const child = this.#child;
    const ended = Promise.withResolvers<ExtractionReply>();
    const end = (code: string, why: string) => {
      this.close();
      ended.resolve({ refused: { code, message: `${name}: ${why}; refused.` } });
    };
    const tooLong = setTimeout(
      () => end('too_slow', `took more than ${this.#mostMs / 1_000} s`),
      this.#mostMs,
    );
    const look = setInterval(() => {
      if (residentBytes(child.pid) > this.#mostBytes)
        end('too_large', `took more than ${this.#mostBytes / MIB} MiB of memory`);
    }, LOOK_EVERY_MS);
    const onMessage = (answer: ExtractionReply) => ended.resolve(answer);
    const onExit = () => end('bad_document', 'broke what reads it');
    child.once('message', onMessage);
    child.once('exit', onExit);
    try {
      child.send({ module, name, bytes }, (error) => {
        if (error !== null) onExit();
      });
      const answer = await ended.promise;
      if ('text' in answer) return answer.text;
      const { code, message } = answer.refused;
      throw code === BAD_EXTRACTOR ? new Failure('fatal', code, message) : refusal(code, message);
    } finally {
      clearTimeout(tooLong);
      clearInterval(look);
      child.off('message', onMessage);
      child.off('exit', onExit);
    }
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    this.#files = 0;
  }
}

async function start(module: string | undefined): Promise<ChildProcess> {
  const { spawn } = await import('node:child_process');
  const file = isBuilt ? join(packageRoot(), 'dist', 'extractor.js') : new URL('./child.ts', import.meta.url);
  // Keys and proxies stay unknown to it.
  const child = spawn(
    process.execPath,
    [...bounds(module), file instanceof URL ? fileURLToPath(file) : file],
    {
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  );
  child.unref();
  child.channel?.unref();
  return child;
}

const isBuilt = !import.meta.url.endsWith('.ts');

/** The flags of Node that hold a child: it may read Millrace, its parsers and the module, and do nothing else to this machine. */
export function bounds(module?: string): readonly string[] {
  const root = packageRoot();
  const own = ['package.json', isBuilt ? 'dist' : 'src'].map((name) => join(root, name));
  const real = own.map((path) => realpathSync(path));
  const brought = module === undefined ? [] : filesOf(fileURLToPath(module));
  const readable = [...new Set([...own, ...real, ...librariesOf(), ...brought])].map(
    (path) => `--allow-fs-read=${path}`,
  );
  const code = ['--disallow-code-generation-from-strings', `--max-old-space-size=${MOST_HEAP_MB}`];
  return ['--permission', ...readable, ...code, '--no-warnings'];
}

/** The folders that the parsers are found in, by the names and by the places that they have: a package manager may keep them elsewhere. */
function librariesOf(): readonly string[] {
  const places = LIBRARIES.map((name) => {
    const path = realpathSync(fileURLToPath(import.meta.resolve(name)));
    const store = path.indexOf(STORE);
    return store === -1 ? dirname(path) : path.slice(0, store + STORE.length);
  });
  const named = ancestorsOf(packageRoot()).map((directory) => join(directory, 'node_modules'));
  const there = named.filter((directory) => existsSync(directory));
  return [...new Set([...there, ...there.map((directory) => realpathSync(directory)), ...places])];
}

/** The module itself, the packages that it may import, and what tells Node how a module is meant. */
function filesOf(path: string): readonly string[] {
  const folders = ancestorsOf(dirname(path));
  const beside = folders.flatMap((folder) => [join(folder, 'node_modules'), join(folder, 'package.json')]);
  const there = [path, ...beside.filter((each) => existsSync(each))];
  return [...there, ...there.map((each) => realpathSync(each))];
}

const LIBRARIES = ['unpdf', 'mammoth', 'htmlparser2', 'yauzl', 'zod', 'linkedom', '@mozilla/readability'];
/** Where pnpm keeps packages, and what they need beside them. */
const STORE = join('/node_modules', '.pnpm');

function ancestorsOf(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestorsOf(parent)];
}

/** As Linux tells it; 0 where nobody does. */
function residentBytes(pid: number | undefined): number {
  try {
    const [, resident = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return Number(resident) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
