import { z } from 'zod';
import { OrderScratch } from '../../../infra/export/order-scratch.ts';
import { exampleSchema } from '../../../stages/example.ts';
import { submissionSchema } from '../../../stages/question.ts';
import type { DatasetRow } from '../../../stages/store/store.ts';

const rowSchema = z.object({ example: exampleSchema, submission: submissionSchema.optional() });

/** The rows in the order in which their questions were asked, run after run; those that nobody is known to have asked come last. */
export async function* inInputOrder(rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow> {
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
