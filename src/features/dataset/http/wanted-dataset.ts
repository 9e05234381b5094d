import { HttpProblem } from '../../../infra/http/problem.ts';
import { MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { topicsOf } from '../../../stages/stage-names.ts';
import type { Port } from '../rows/ledger-rows.ts';
import { sinceOf } from '../since.ts';
import type { DownloadQuery } from './download-query.ts';
import { fileNameOf, type WantedDataset } from './wanted.ts';
import { wantedVersion } from './wanted-version.ts';

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

async function sinceThen({ engine, namespace }: Port, text: string): Promise<WantedDataset['ledger']> {
  const { log, store } = engine;
  const topic = topicsOf(namespace).dataset;
  const since = await sinceOf(text, { versions: store.versions, log, topic });
  if (since !== undefined) return { since, until: await log.endOffsets(topic) };
  const detail = `Bad query: since: expected the name of a version (GET /v1/dataset/versions), or a day or time with its zone (2026-11-01, 2026-11-01T08:00Z), came ${text}.`;
  throw new HttpProblem(400, 'bad_since', detail);
}
