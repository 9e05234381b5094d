import { z } from 'zod';
import { exampleSchema } from '../example.ts';
import { defineFormat } from './format.ts';

/** A line of the format `record`. */
export const recordSchema = z.object({
  id: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  ...exampleSchema.shape,
});

/** Everything that is known of the example: its own fields, and the user's id and metadata (`null` if there are none). */
export const record = defineFormat({
  name: 'record',
  description: 'everything known of each example',
  whole: {
    keepsMarks: true,
    lineOf: (example, { id, metadata }) => ({ id: id ?? null, metadata: metadata ?? null, ...example }),
    rule: recordSchema,
  },
});
