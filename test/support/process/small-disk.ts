import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** A real file system of its own. `grow` gives it more room. */
export type SmallDisk = Readonly<{ grow(size: string): void }>;

/** Mounts a file system of so many bytes, such as `1200k`, until the test ends; `undefined` where we may not mount one. */
export function mountSmallDisk(directory: string, size: string): SmallDisk | undefined {
  const mount = (...args: readonly string[]) =>
    execFileSync('mount', [...args, directory], { stdio: 'ignore' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs');
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  return { grow: (larger) => void mount('-o', `remount,size=${larger}`) };
}
