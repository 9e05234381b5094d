import type { ExportProgress } from '../../runs/dataset/export-progress.ts';
import { count } from '../format.ts';

/** How far a dataset is written, in one line. */
export function writingText({ out, written, of }: ExportProgress): string {
  const all = of === undefined ? '' : ` of ${count(of)}`;
  return `writing ${out}: ${count(written)}${all} examples`;
}
