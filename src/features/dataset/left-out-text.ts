import type { WrittenDataset } from '../../infra/export/dataset-file.ts';
import { count, wrapped } from '../../infra/terminal/format.ts';
import { UNMARKED } from '../../stages/formats/export-line.ts';
import { formatNamed } from '../../stages/formats/index.ts';

const BROUGHT =
  'These are your own answers. A simulated run leaves them as they are, so nothing in them says that their scores are made up. Ask a real model to have them judged.';

/** What the format took not, and why; what that means where it is not plain. */
export function leftOutText({ skipped }: Pick<WrittenDataset, 'skipped'>, margin = ''): readonly string[] {
  return [...skipped].flatMap(([reason, n]) => [
    `${margin}${count(n)} left out: ${reason}`,
    ...(reason === UNMARKED ? wrapped(BROUGHT, `${margin}  `) : []),
  ]);
}

/** What the format keeps not of what the training types in the dataset are for, and which format does. */
export function lostText({ format, statistics, written }: WrittenDataset): readonly string[] {
  const { shapes, omits } = formatNamed(format);
  if (written === 0 || shapes.answers === undefined) return [];
  const types = new Set(statistics.trainingTypes.rows.flatMap(({ labels }) => labels));
  const thoughts = types.has('reasoning') && omits.startsWith('Reasoning is left out');
  const pairs = types.has('dpo') && shapes.preferences === undefined;
  return [
    ...(thoughts
      ? [`  ${format} has no place for the thoughts of reasoning examples: --format trl keeps them`]
      : []),
    ...(pairs ? [`  ${format} holds the chosen answers of pairs alone: --format dpo keeps both`] : []),
  ];
}
