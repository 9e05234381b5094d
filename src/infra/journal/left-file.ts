import { renameSync, rmSync } from 'node:fs';
import { systemCode } from '../files/file-failure.ts';
import type { ReadSegment } from './read-segment.ts';
import { DAMAGED } from './segment-names.ts';

/** A file that a dead process left, ours from now on. */
export type LeftFile = Readonly<{
  path: string;
  /** Its path once it is set aside. */
  aside: string;
  read(): ReadSegment;
  /** Everything in it stands in the store. */
  remove(): void;
  /** Everything that can be read does. */
  setAside(): void;
}>;

/** Where two processes were given the same file, both may do with it what they do. */
export function leftFile(path: string, read: () => ReadSegment): LeftFile {
  const aside = `${path}${DAMAGED}`;
  const setAside = () => {
    try {
      renameSync(path, aside);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  };
  return { path, aside, read, remove: () => rmSync(path, { force: true }), setAside };
}
