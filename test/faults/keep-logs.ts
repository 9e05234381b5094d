import { cp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Keeps what the workers of a failed trial wrote, and says where. */
export async function keepLogs(name: string, seed: number, directory: string, said: string): Promise<void> {
  const kept = join(tmpdir(), 'millrace-faults', `${name.replaceAll(/[^a-z0-9]+/gi, '-')}-${seed}`);
  await mkdir(kept, { recursive: true });
  await cp(directory, kept, { recursive: true });
  await writeFile(join(kept, 'workers.txt'), said);
  console.error(`${said.slice(0, 2_000)}\nSeed ${seed}. The logs of ${name} are in ${kept}`);
}
