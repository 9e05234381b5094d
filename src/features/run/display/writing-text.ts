import { count, plural } from '../../../infra/terminal/format.ts';
import type { ExportProgress } from '../../dataset/export-progress.ts';

const COLUMNS = 80;

/** How far a dataset is written, in one line of 80 columns at most: a long path is told by its end. */
export function writingText({ out, written, of }: ExportProgress): string {
  const facts = `: ${of === undefined ? '' : `${count(written)} of `}${plural(of ?? written, 'example')}`;
  const room = COLUMNS - 'writing '.length - facts.length;
  const path = out.length > room ? `…${out.slice(1 - room)}` : out;
  return `writing ${path}${facts}`;
}
