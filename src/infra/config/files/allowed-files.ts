import { hash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { userFile } from './user-file.ts';

const listSchema = z.record(z.string(), z.string());

/** The settings files that the user allowed, by path, each with the hash of what it held then. */
export function allowedFilesPath(): string {
  return userFile('allowed.json');
}

/**
 * Throws a Failure (`config_not_allowed`) unless the user has allowed this file as it is now.
 * @param reasons why it has to be allowed, in words.
 */
export function assertAllowed(path: string, reasons: readonly string[]): void {
  if (listed()[realpathSync(path)] === hashOf(path)) return;
  const [most, more] = [reasons.slice(0, 5), reasons.length - 5];
  const why = `${most.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  const message = `${path} in this folder is not allowed yet, or was changed since: ${why}. It may be somebody else's. Read it, then allow it once: millrace config allow ${path} (or name it: --config ${path}, MILLRACE_CONFIG=${path}).`;
  throw new Failure('fatal', 'config_not_allowed', message);
}

/** Lets the file count as it is now, or no more. Rejects with a Failure where the list cannot be written. */
export async function setAllowed(path: string, allowed: boolean): Promise<void> {
  const [real, { [realpathSync(path)]: _standing, ...others }] = [realpathSync(path), listed()];
  const list = allowed ? { ...others, [real]: hashOf(path) } : others;
  const text = `${JSON.stringify(list, null, 2)}\n`;
  await replaceFile(allowedFilesPath(), (append) => append(text));
}

function hashOf(path: string): string {
  return hash('sha256', readFileSync(path), 'hex');
}

/** A list that is missing or damaged allows nothing. */
function listed(): Readonly<Record<string, string>> {
  try {
    return listSchema.parse(JSON.parse(readFileSync(allowedFilesPath(), 'utf8')));
  } catch {
    return {};
  }
}
