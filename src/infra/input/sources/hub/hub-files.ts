import { matchesGlob } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../../../streams/failure.ts';
import type { HubAddress } from './hub-address.ts';

const path = z.union([z.string(), z.array(z.string())]);
const dataFiles = z.union([path, z.array(z.object({ split: z.string().default('train'), path }))]);
const configSchema = z.object({ config_name: z.string(), data_files: dataFiles.optional() });

/** What the Hub tells of a revision. */
export const revisionSchema = z.object({
  sha: z.string().regex(/^[\w-]+$/),
  siblings: z.array(z.object({ rfilename: z.string() })).max(100_000),
  cardData: z
    .object({
      configs: z.array(configSchema).optional().catch(undefined),
      license: z
        .union([z.string(), z.array(z.string())])
        .optional()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
export type Revision = z.output<typeof revisionSchema>;

const SPLIT_IN_NAME = /(?:^|[/_.-])(train|validation|valid|dev|test)(?=[/_.-]|$)/i;

/**
 * The files of an address: as the card's `configs` say, else by their names. Without a split: `train` where there is one.
 * Throws a fatal Failure `input_missing` that says what there is.
 */
export function filesOf(
  { siblings, cardData }: Revision,
  { repository, config, split }: HubAddress,
  isKnown: (name: string) => boolean,
): readonly string[] {
  const names = siblings.map(({ rfilename }) => rfilename).filter(isKnown);
  const configs = (cardData?.configs ?? []).filter((each) => each.data_files !== undefined);
  const wanted =
    config === undefined
      ? (configs.find(isDefault) ?? configs[0])
      : configs.find((each) => each.config_name === config);
  if (config !== undefined && wanted === undefined)
    throw missing(
      repository,
      `no config ${config}`,
      configs.map((each) => each.config_name),
    );
  const splits = wanted === undefined ? splitsByName(names) : splitsOfConfig(wanted, names);
  const chosen = split ?? (splits.has('train') ? 'train' : [...splits.keys()][0]);
  const files = chosen === undefined ? undefined : splits.get(chosen);
  if (files !== undefined && files.length > 0) return files.toSorted();
  throw missing(repository, split === undefined ? 'no files of questions' : `no split ${split}`, [
    ...splits.keys(),
  ]);
}

function isDefault({ config_name }: z.output<typeof configSchema>): boolean {
  return config_name === 'default';
}

function splitsOfConfig(
  { data_files = [] }: z.output<typeof configSchema>,
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const list = typeof data_files === 'string' ? [data_files] : data_files;
  const splits = new Map<string, readonly string[]>();
  for (const each of list) {
    const { split, path: given } = typeof each === 'string' ? { split: 'train', path: each } : each;
    const patterns = typeof given === 'string' ? [given] : given;
    const files = names.filter((name) =>
      patterns.some((pattern) => name === pattern || matchesGlob(name, pattern)),
    );
    splits.set(split, [...(splits.get(split) ?? []), ...files]);
  }
  return splits;
}

/** Files that name no split are all one. */
function splitsByName(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(names, (name) => {
    const found = SPLIT_IN_NAME.exec(name)?.[1]?.toLowerCase() ?? 'train';
    return found === 'valid' || found === 'dev' ? 'validation' : found;
  });
}

function missing(repository: string, what: string, there: readonly string[]): Failure {
  const known = there.length === 0 ? 'none that is read' : there.join(', ');
  return new Failure('fatal', 'input_missing', `${repository} on the Hub has ${what}; there is: ${known}`);
}
