import { isDeepStrictEqual } from 'node:util';
import type { FileType } from '../../../infra/export/encoders/encoder.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import type { Manifest, VersionRepository, VersionRequest } from '../../../stages/dataset/dataset-version.ts';
import { type ExampleFilter, exampleFilterSchema, isMeant } from '../../../stages/dataset/example-filter.ts';
import { partOf, type Split, type SplitName } from '../../../stages/dataset/split.ts';
import type { Example } from '../../../stages/example.ts';
import { type ExportFormat, exportFormatNamed } from '../../../stages/formats/index.ts';
import { MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { offsetsIn } from '../../../stages/lanes/offsets.ts';
import { topicsOf } from '../../../stages/stage-names.ts';
import type { Offset } from '../../../streams/log/log.ts';
import type { LaneName } from '../../../streams/work/work.ts';
import type { Port } from '../rows/ledger-rows.ts';
import { sinceOf } from '../since.ts';
import type { DownloadQuery } from './download-query.ts';
import { unknownVersion } from './unknown-version.ts';

const FILTERS = exampleFilterSchema.unwrap().keyof().options;

/** One file of a dataset, with nothing about it left open. */
export type WantedDataset = Readonly<{
  /** The file's, with its ending. */
  name: string;
  lane: LaneName;
  filter: ExampleFilter;
  part: Readonly<{ of: Split; name: SplitName }> | undefined;
  format: ExportFormat;
  fileType: FileType;
  /** What of the ledger it is made from. Without: from what the store holds now. */
  ledger: Readonly<{ until: ReadonlyMap<number, Offset>; since: VersionRequest['since'] }> | undefined;
  /** What it has to be the same as, to the byte. */
  same: Readonly<{ version: string; sha256: string }> | undefined;
}>;

/** What a request means. Rejects with an HttpProblem (400, 404, 409) that says what to change. */
export async function wantedDataset(port: Port, query: DownloadQuery): Promise<WantedDataset> {
  if (query.version !== undefined) return wantedVersion(port.engine.store.versions, query.version, query);
  const { lane = MAIN_LANE, format = 'openai', fileType = 'jsonl', filter, split, part, since } = query;
  const words = ['dataset', lane, format, ...(since === undefined ? [] : ['since', since])];
  return {
    ...{ lane, filter, format, fileType, same: undefined },
    name: fileNameOf([...words, part], fileType),
    part: split === undefined || part === undefined ? undefined : { of: split, name: part },
    ledger: since === undefined ? undefined : await sinceThen(port, since),
  };
}

/** Whether the example stands in the file. */
export function isWanted(
  { filter, part }: Pick<WantedDataset, 'filter' | 'part'>,
  example: Example,
): boolean {
  if (part !== undefined && partOf(part.of, example.questionId) !== part.name) return false;
  return isMeant(filter, example);
}

/** The words as a name that every file system takes. */
function fileNameOf(words: readonly (string | undefined)[], fileType: FileType): string {
  const given = words.filter((word) => word !== undefined).join('-');
  return `${given.replace(/[^\w.-]/g, '-')}.${fileType}`;
}

async function sinceThen({ engine, namespace }: Port, text: string): Promise<WantedDataset['ledger']> {
  const { log, store } = engine;
  const topic = topicsOf(namespace).dataset;
  const since = await sinceOf(text, { versions: store.versions, log, topic });
  if (since !== undefined) return { since, until: await log.endOffsets(topic) };
  const detail = `Bad query: since: expected the name of a version (GET /v1/dataset/versions), or a day or time with its zone (2026-11-01, 2026-11-01T08:00Z), came ${text}.`;
  throw new HttpProblem(400, 'bad_since', detail);
}

/** A file of a version. Rejects with an HttpProblem: 404, or 409 where the query says otherwise than the version. */
async function wantedVersion(
  versions: VersionRepository,
  version: string,
  query: DownloadQuery,
): Promise<WantedDataset> {
  const manifest = await versions.get(version);
  if (manifest === undefined) throw await unknownVersion(version, versions);
  const { wish: request, ledger, files } = manifest;
  assertSays(manifest, query);
  const { format = exportFormatNamed(request.format), fileType = request.fileType } = query;
  const part = partIn(manifest, query);
  const isAsMade = format === request.format && fileType === request.fileType;
  const file = isAsMade ? files.find((each) => each.part === part?.name) : undefined;
  return {
    ...{ lane: request.lane, filter: request.filter, part, format, fileType },
    name: fileNameOf([version, isAsMade ? undefined : format, part?.name], fileType),
    ledger: { until: offsetsIn(ledger.offsets), since: request.since },
    same: file === undefined ? undefined : { version, sha256: file.sha256 },
  };
}

function assertSays({ name, wish: request }: Manifest, { lane, filter, split }: DownloadQuery): void {
  const others = FILTERS.filter(
    (key) => filter[key] !== undefined && !isDeepStrictEqual(filter[key], request.filter[key]),
  );
  if (lane !== undefined && lane !== request.lane) throw otherwise(name, 'lane');
  if (others.length > 0) throw otherwise(name, others.join(', '));
  if (split !== undefined && JSON.stringify(split) !== JSON.stringify(request.split))
    throw otherwise(name, 'split');
}

function partIn({ name, wish: { split } }: Manifest, { part }: DownloadQuery): WantedDataset['part'] {
  const names = split?.map(([each]) => each) ?? [];
  if (part !== undefined && !names.includes(part)) throw otherwise(name, 'part');
  if (split === undefined) return undefined;
  if (part !== undefined) return { of: split, name: part };
  const detail = `Version ${name} has a file for each of its parts: name one of ${names.join(', ')} as part.`;
  throw new HttpProblem(409, 'part_needed', detail);
}

function otherwise(name: string, what: string): HttpProblem {
  const detail = `Version ${name} says otherwise: ${what}. A version is what its manifest says (GET /v1/dataset/versions/${name}): leave that away, or ask without version.`;
  return new HttpProblem(409, 'version_says_otherwise', detail);
}
