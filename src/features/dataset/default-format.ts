import type { ExampleFilter } from '../../stages/dataset/example-filter.ts';
import { DEFAULT_FORMAT, type ExportFormat, formatSlot } from '../../stages/formats/index.ts';
import type { DatasetQuery, Reports } from '../../stages/store/store.ts';
import { trainingTypes } from '../../stages/training-types/index.ts';
import { filteredRows } from './rows/filtered-rows.ts';

/**
 * The format where nobody chose one: that of the training type, where all that is meant is of one type, else `openai`. Reads on only
 * while another than `openai` is still possible.
 */
export async function defaultFormat(
  reports: Pick<Reports, 'dataset'>,
  query: DatasetQuery,
  filter: ExampleFilter = {},
): Promise<ExportFormat> {
  let only: string | undefined;
  for await (const { example } of filteredRows(reports, query, filter)) {
    const { trainingType } = example.question;
    if (only === trainingType) continue;
    if (only !== undefined || usualFormatOf(trainingType) === DEFAULT_FORMAT) return DEFAULT_FORMAT;
    only = trainingType;
  }
  return only === undefined ? DEFAULT_FORMAT : usualFormatOf(only);
}

/** The format of a dataset that is of this training type alone. */
export function usualFormatOf(trainingType: string): ExportFormat {
  const { format = DEFAULT_FORMAT } = trainingTypes.get(trainingType) ?? {};
  return formatSlot.parts.has(format) ? format : DEFAULT_FORMAT;
}
