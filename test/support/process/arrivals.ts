import { readFileSync } from 'node:fs';

/** Whether answers are written to the journal. */
export type JournalMode = 'journal' | 'no-journal';

/** The works whose answers had come, one line an answer, as the processes themselves have marked them. */
export function arrivalsIn(marks: string): readonly string[] {
  try {
    return readFileSync(marks, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

/** Works that were asked for again although their answer had come: nobody else's answer comes a second time. */
export function paidAgain(arrivals: readonly string[]): readonly string[] {
  return [...new Set(arrivals.filter((work, index) => arrivals.indexOf(work) !== index))];
}
