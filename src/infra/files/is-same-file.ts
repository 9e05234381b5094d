import { fstat, stat } from 'node:fs';
import { promisify } from 'node:util';

const STANDARD_INPUT = 0;
const statOf = promisify(stat);
const fstatOf = promisify(fstat);

/**
 * Whether two paths lead to one file, by whatever names or links; `-` is what standard input reads. What is not there, or is
 * no regular file, is the same as nothing.
 */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([identityOf(one), identityOf(other)]);
  return a !== undefined && a === b;
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const found = await (path === '-'
      ? fstatOf(STANDARD_INPUT, { bigint: true })
      : statOf(path, { bigint: true }));
    return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
  } catch {
    return undefined;
  }
}
