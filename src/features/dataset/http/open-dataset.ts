import {
  describeDataset,
  type ExportedExample,
  linesOf,
  type WrittenDataset,
} from '../../../infra/export/dataset-file.ts';
import { HttpProblem } from '../../../infra/http/problem.ts';
import { RequestLimit } from '../../../infra/http/request-limit.ts';
import { registerTypesOfLane } from '../../../infra/plugins/load-types.ts';
import { treatmentOf } from '../../../stages/dataset/example-filter.ts';
import type { DatasetRow } from '../../../stages/store/store.ts';
import { datasetRows, withAsker } from '../rows/dataset-rows.ts';
import { ledgerRows, openLedger, type Port } from '../rows/ledger-rows.ts';
import { withSentBack } from '../sent-back.ts';
import type { DownloadQuery } from './download-query.ts';
import { isWanted, type WantedDataset, wantedDataset } from './wanted-dataset.ts';

/** Each has a temporary file of about the ledger's size until its client has all. */
const LEDGERS_AT_ONCE = 4;

/** What a file of a dataset is made of. To be closed. */
export type OpenDataset = Readonly<{
  wanted: WantedDataset;
  /** From the first on, each time. */
  rows(): AsyncIterable<ExportedExample>;
  /** What the lines are, where the rows alone do not decide it: all parts of a dataset have the same. */
  shape: WrittenDataset['shape'];
  close(): void;
}>;

type Reading = Readonly<{
  /** Nobody waits any more. */
  gone?: AbortSignal | undefined;
  /** Only what is among so many of the lane that came first. What is read from the ledger comes whole. */
  first?: number | undefined;
}>;

/** Rejects with an HttpProblem or a Failure, or with the reason of `gone`. */
export type DatasetOpener = (query: DownloadQuery, reading?: Reading) => Promise<OpenDataset>;

/** Opens what is asked for over HTTP. So many as read the ledger at once are answered, others with 429. */
export function datasetOpener(port: Port): DatasetOpener {
  const ledgers = new RequestLimit({ bytes: 0, requests: LEDGERS_AT_ONCE });
  return async (query, reading = {}) => {
    const { gone } = reading;
    const wanted = await wantedDataset(port, query);
    const { rows, close } = await sourceOf(port, wanted, ledgers, reading);
    try {
      const whole = { ...wanted, part: undefined };
      const shape = wanted.part === undefined ? undefined : await shapeOf(rows(whole), wanted);
      gone?.throwIfAborted();
      return { wanted, shape, close, rows: () => rows(wanted) };
    } catch (error) {
      close();
      throw error;
    }
  };
}

/** What the file comes to. Rejects with a 409 where it has to be the same as a version's and is not. */
export async function describedDataset({ wanted, rows, shape }: OpenDataset): Promise<WrittenDataset> {
  const { name: out, format, fileType, same } = wanted;
  const dataset = await describeDataset({ examples: rows(), out, format, fileType, shape });
  if (same === undefined || dataset.files[0]?.sha256 === same.sha256) return dataset;
  const detail = `Version ${same.version} cannot be made again to the byte: questions were forgotten, old records were deleted, or another version of Millrace made it. In another format its examples can still be had.`;
  throw new HttpProblem(409, 'version_differs', detail);
}

type Source = Readonly<{
  rows(of: Pick<WantedDataset, 'filter' | 'part'>): AsyncIterable<ExportedExample>;
  close(): void;
}>;

async function sourceOf(
  port: Port,
  { lane, format, ledger }: WantedDataset,
  ledgers: RequestLimit,
  { gone, first }: Reading,
): Promise<Source> {
  const { store } = port.engine;
  await registerTypesOfLane(store, lane);
  if (ledger === undefined) {
    const query = { lane, verdict: 'approved' } as const;
    // Those that came first are known without putting all of them into order.
    const found = (of: Pick<WantedDataset, 'filter'>) =>
      first === undefined
        ? datasetRows(store.reports, query, of.filter)
        : firstOf(store.reports.dataset(query), first);
    const rows: Source['rows'] = (of) => withSentBack(store.reports, format, wantedOf(of, found(of)));
    return { rows, close: () => undefined };
  }
  const leave = ledgers.enter(0);
  try {
    const { since, until } = ledger;
    const opened = await openLedger(port, { lane, since }, until, gone);
    return {
      rows: (of) =>
        ledgerRows(store, opened, {
          ...{ format, filter: of.filter },
          isMeant: (example) => isWanted(of, example),
        }),
      close: () => {
        opened.close();
        leave();
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

async function* firstOf<T>(rows: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let left = most;
  for await (const row of rows) {
    yield row;
    left -= 1;
    if (left <= 0) return;
  }
}

async function* wantedOf(
  of: Pick<WantedDataset, 'filter' | 'part'>,
  rows: AsyncIterable<DatasetRow>,
): AsyncGenerator<ExportedExample> {
  for await (const row of rows)
    if (isWanted(of, row.example)) yield { ...withAsker(row), ...treatmentOf(of.filter, row.example) };
}

/** What the first line is. */
async function shapeOf(
  rows: AsyncIterable<ExportedExample>,
  { format }: Pick<WantedDataset, 'format'>,
): Promise<WrittenDataset['shape']> {
  for await (const exported of rows)
    for (const each of linesOf(exported, format)) if (each.kind === 'line') return each.shape;
  return undefined;
}
