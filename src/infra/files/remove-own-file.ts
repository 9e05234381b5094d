import { readFile, unlink } from 'node:fs/promises';
import { onDisk, unlessAbsent } from './file-failure.ts';

/**
 * Removes a file if its text is one of ours, and returns its path then. A text at which `isOurs` throws is none. Rejects
 * like `writeDataset`.
 */
export async function removeOwnFile(
  path: string,
  isOurs: (text: string) => boolean,
): Promise<string | undefined> {
  const text = await onDisk(path, () => unlessAbsent(readFile(path, 'utf8')));
  return text !== undefined && is(isOurs, text) ? removeFile(path) : undefined;
}

/** Removes a file, and returns its path unless there was none. Rejects like `writeDataset`. */
export function removeFile(path: string): Promise<string | undefined> {
  return onDisk(path, () => unlessAbsent(unlink(path).then(() => path)));
}

function is(isOurs: (text: string) => boolean, text: string): boolean {
  try {
    return isOurs(text);
  } catch {
    return false;
  }
}
