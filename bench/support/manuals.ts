import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Corpus } from './corpus.ts';

export const SECTIONS_A_FILE = 10;

/** Writes so many files of Markdown, each with ten sections, which are a chunk each. */
export async function writeManuals(root: string, files: number, texts: Corpus): Promise<void> {
  await mkdir(root);
  for (let file = 0; file < files; file += 1) {
    const sections = Array.from(
      { length: SECTIONS_A_FILE },
      (_, n) => `## Section ${n}\n\n${texts.section()}`,
    );
    await writeFile(join(root, `${file}.md`), `# File ${file}\n\n${sections.join('\n\n')}\n`);
  }
}

export type Timed<T> = Readonly<{ made: T; cpuSeconds: number; seconds: number }>;

/** @param others CPU seconds that other processes have used for it so far. */
export async function timed<T>(act: () => Promise<T>, others: () => number = () => 0): Promise<Timed<T>> {
  const [startMs, before, others0] = [performance.now(), process.cpuUsage(), others()];
  const made = await act();
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1_000_000 + others() - others0;
  return { made, cpuSeconds, seconds: (performance.now() - startMs) / 1_000 };
}

export function p95(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
}
