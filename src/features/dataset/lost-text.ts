import type { WrittenDataset } from '../../infra/export/dataset-file.ts';
import { formatNamed } from '../../stages/formats/index.ts';

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
