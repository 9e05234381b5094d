import { z } from 'zod';
import type { ExportedExample } from '../../../infra/export/dataset-file.ts';
import { OrderScratch } from '../../../infra/export/order-scratch.ts';
import type { ExampleFilter } from '../../../stages/dataset/example-filter.ts';
import { exampleSchema } from '../../../stages/example.ts';
import { submissionSchema } from '../../../stages/question.ts';
import type { DatasetQuery, DatasetRow, Reports } from '../../../stages/store/store.ts';
import { filteredRows } from './filtered-rows.ts';

/** What is meant of what the store holds now, as `filteredRows` finds it, in the order of the input. */
export function datasetRows(
  reports: Pick<Reports, 'dataset'>,
  query: DatasetQuery,
  filter: ExampleFilter,
  onPassing?: () => void,
): AsyncGenerator<DatasetRow> {
  const found = filteredRows(reports, query, filter, onPassing);
  const lowered = filter.minScore !== undefined && query.verdict === 'approved';
  // A run is read in its order already, unless what passes now is read behind it.
  return query.run === undefined || lowered ? inInputOrder(found) : found;
}

const rowSchema = z.object({ example: exampleSchema, submission: submissionSchema.optional() });

/** The rows in the order in which their questions were asked, run after run; those that nobody is known to have asked come last. */
async function* inInputOrder(rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow> {
  const scratch = new OrderScratch();
  try {
    for await (const row of rows) scratch.put(row.submission, JSON.stringify(row));
    for (const text of scratch.texts()) {
      const { example, submission } = rowSchema.parse(JSON.parse(text));
      yield { example, submission };
    }
  } finally {
    scratch.close();
  }
}

/** A row of the store, which knows who asked: nobody who said so is known as that. */
export function withAsker({ example, submission }: DatasetRow): ExportedExample {
  return { example, submission: submission ?? {} };
}
