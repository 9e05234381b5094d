import type { WrittenDataset } from '../../infra/export/dataset-file.ts';
import { count, wrapped } from '../../infra/terminal/format.ts';
import { UNMARKED } from '../../stages/formats/export-line.ts';

const BROUGHT =
  'These are your own answers. A simulated run leaves them as they are, so nothing in them says that their scores are made up. Ask a real model to have them judged.';

/** What the format took not, and why; what that means where it is not plain. */
export function leftOutText({ skipped }: Pick<WrittenDataset, 'skipped'>, margin = ''): readonly string[] {
  return [...skipped].flatMap(([reason, n]) => [
    `${margin}${count(n)} left out: ${reason}`,
    ...(reason === UNMARKED ? wrapped(BROUGHT, `${margin}  `) : []),
  ]);
}
