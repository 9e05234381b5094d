import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../../streams/failure.ts';
import { packageRoot } from '../../package-root.ts';
import type { ExtractedText } from '../text/block.ts';
import type { ExtractionReply } from './child.ts';
import { childBounds, IS_BUILT } from './child-bounds.ts';
import { BAD_EXTRACTOR, refusal } from './refusal.ts';

/** A child works so many files, so that what a parser keeps of them does not grow without end. */
const MOST_FILES = 100;
const MOST_MS = 60_000;
const MIB = 1_024 * 1_024;
const MOST_RESIDENT_BYTES = 1_024 * MIB;
const LOOK_EVERY_MS = 200;
const PAGE_BYTES = 4_096;

/** Default: a minute, and 1 GiB. */
export type ExtractorLimits = Readonly<{ mostMs?: number; mostResidentBytes?: number }>;

type Request = Readonly<{ module: string; name: string; bytes: Uint8Array }>;

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
    const reply = await this.#reply(this.#child, { module, bytes, name });
    if ('text' in reply) return reply.text;
    const { code, message } = reply.refused;
    throw code === BAD_EXTRACTOR ? new Failure('fatal', code, message) : refusal(code, message);
  }

  /** What the child says of the file, or why it was ended. */
  async #reply(child: ChildProcess, request: Request): Promise<ExtractionReply> {
    const replied = Promise.withResolvers<ExtractionReply>();
    const end = (code: string, why: string) => {
      this.close();
      replied.resolve({ refused: { code, message: `${request.name}: ${why}; refused.` } });
    };
    const broke = () => end('bad_document', 'broke what reads it');
    const tooLong = setTimeout(
      () => end('too_slow', `took more than ${this.#mostMs / 1_000} s`),
      this.#mostMs,
    );
    const look = setInterval(() => {
      if (residentBytes(child.pid) > this.#mostBytes)
        end('too_large', `took more than ${this.#mostBytes / MIB} MiB of memory`);
    }, LOOK_EVERY_MS);
    child.once('message', replied.resolve);
    child.once('exit', broke);
    child.send(request, (error) => {
      if (error !== null) broke();
    });
    try {
      return await replied.promise;
    } finally {
      clearTimeout(tooLong);
      clearInterval(look);
      child.off('message', replied.resolve);
      child.off('exit', broke);
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
  const file = IS_BUILT
    ? join(packageRoot(), 'dist', 'extractor.js')
    : fileURLToPath(new URL('./child.ts', import.meta.url));
  // Keys and proxies stay unknown to it.
  const child = spawn(process.execPath, [...childBounds(module), file], {
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
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
