import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of its own for one measurement; it is gone when the scope ends. */
export type Workspace = Disposable & Readonly<{ path(name: string): string; directory: string }>;

export function workspace(): Workspace {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  return {
    directory,
    path: (name) => join(directory, name),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}
