import type { WrittenDataset } from '../../infra/export/dataset-file.ts';
import { count, wrapped } from '../../infra/terminal/format.ts';
import { UNMARKED } from '../../stages/formats/export-line.ts';

const BROUGHT =
  'They are answers that were brought. A simulated run leaves these as they are, so none of them says that it is simulated: only a real model shows what comes of them.';

/** What the format took not, and why; what that means where it is not plain. */
export function leftOutText({ skipped }: Pick<WrittenDataset, 'skipped'>, margin = ''): readonly string[] {
  return [...skipped].flatMap(([reason, n]) => [
    `${margin}${count(n)} left out: ${reason}`,
    ...(reason === UNMARKED ? wrapped(BROUGHT, `${margin}  `) : []),
  ]);
}
