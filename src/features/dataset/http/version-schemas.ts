import { z } from 'zod';
import { type Manifest, manifestSchema, versionNameSchema } from '../../../stages/dataset/dataset-version.ts';
import { SPLIT_NAMES } from '../../../stages/dataset/split.ts';

export const versionParamsSchema = z.object({ name: versionNameSchema });

const manifest = manifestSchema.unwrap();
const request = manifest.shape.wish.unwrap();

// A tuple is `prefixItems` in the OpenAPI document, which not every reader of it takes.
const pair = (described: string) =>
  z
    .array(z.union([z.string(), z.number()]))
    .length(2)
    .describe(described);
const offsets = z.array(pair('Partition and next offset.')).readonly();

/** A manifest as the OpenAPI document says it. */
export const manifestReplySchema = manifest.extend({
  ledger: z.object({ topic: z.string(), offsets }),
  wish: request.extend({
    since: z.object({ text: z.string(), offsets }).optional(),
    split: z.array(pair('Part and share.')).optional(),
  }),
});

const versionSchema = z.object({
  ...manifest.pick({ name: true, createdAt: true, files: true, examples: true, lines: true }).shape,
  ...request.pick({ lane: true, filter: true, format: true, fileType: true }).shape,
  since: z.string().optional().describe('The version, or the time, that it begins after.'),
  parts: z.array(z.enum(SPLIT_NAMES)).readonly().describe('None where it is one file.'),
  simulated: manifest.shape.simulated.describe('How many of the examples are simulated.'),
  costUsd: manifest.shape.costUsd.describe('Of the works behind the examples.'),
  unpriced: manifest.shape.unpriced.describe('Works whose price is not known.'),
});
export type Version = Readonly<z.output<typeof versionSchema>>;

export const versionsSchema = z.object({ versions: z.array(versionSchema).readonly() });
export type Versions = Readonly<z.output<typeof versionsSchema>>;

export function versionOf({ wish: requested, ...made }: Manifest): Version {
  const { name, createdAt, files, examples, lines, simulated, costUsd, unpriced } = made;
  const { since, lane, filter, split = [], format, fileType } = requested;
  return {
    ...{ name, createdAt, lane, filter, format, fileType, files },
    ...{ examples, lines, simulated, costUsd, unpriced },
    parts: split.map(([part]) => part),
    ...(since === undefined ? {} : { since: since.text }),
  };
}
