import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
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
  const standing = ownToken(path);
  if (standing !== undefined) return standing;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    rmSync(path, { force: true });
    writeFileSync(path, `${token}\n`, { flag: 'wx', mode: 0o600 });
    return token;
  } catch {
    // Another process of this directory may have made it just now.
    return ownToken(path) ?? token;
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
