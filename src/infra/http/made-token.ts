import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isStrongToken } from './bearer-auth.ts';

const TOKEN_BYTES = 24;
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const OTHERS = 0o077;

/** Where the token stands that is made for the servers of a data directory. */
export function tokenPath(data: string): string {
  return join(data, 'http-token');
}

/**
 * The token of a data directory: that of its file, so that all servers of the directory ask for the same and a page that is
 * open stays so, or a new one. What was put there by somebody else, or can be read by others, is none. Where no file can be
 * written, the token is known to this process alone.
 */
export function madeToken(data: string): string {
  const path = tokenPath(data);
  const existing = ownToken(path);
  if (existing !== undefined) return existing;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    // Only what stands there and is none may go: what was not there yet, another server may have made by now.
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined && ownToken(path) === undefined)
      rmSync(path, { force: true });
    placeWhole(path, `${token}\n`);
    return token;
  } catch {
    // Another process of this directory may have made it just now.
    return ownToken(path) ?? token;
  }
}

/** Makes a file that nobody ever sees half written. Throws where one stands there already. */
function placeWhole(path: string, text: string): void {
  const beside = `${path}.${randomUUID()}`;
  try {
    writeFileSync(beside, text, { flag: 'wx', mode: 0o600 });
    linkSync(beside, path);
  } catch (error) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw error;
    // Not every file system has hard links.
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Whether the file of the data directory holds that token: not where the directory cannot be written. */
export function isKept(token: string, data: string): boolean {
  return ownToken(tokenPath(data)) === token;
}

function ownToken(path: string): string | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | NO_FOLLOW);
    try {
      const { mode, uid } = fstatSync(file);
      const isMine = uid === (process.getuid?.() ?? uid) && (mode & OTHERS) === 0;
      const token = isMine ? readFileSync(file, 'utf8').trim() : '';
      return isStrongToken(token) ? token : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
