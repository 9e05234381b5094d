import type { RowEncoder } from '../../infra/export/encoder.ts';
import { rowEncoder } from '../../infra/export/row-encoder.ts';
import type { DatasetBytes } from '../../infra/http/dataset/dataset-bytes.ts';
import type { DownloadQuery } from '../../infra/http/dataset/download-query.ts';
import { exportLines } from '../../stages/formats/index.ts';
import type { Reports } from '../../stages/store.ts';
import { meant } from './export-dataset.ts';
import { withSentBack } from './sent-back.ts';

/** The approved examples as the bytes of a file. Of several shapes of lines the first decides, as in an exported file. */
export function datasetBytes(reports: Reports): DatasetBytes {
  return (query) => bytesOf(reports, query);
}

async function* bytesOf(
  reports: Reports,
  { lane, format, fileType, filter }: DownloadQuery,
): AsyncGenerator<Uint8Array> {
  let encoder: RowEncoder | undefined;
  let shape: string | undefined;
  const rows = meant(filter, reports.dataset({ lane, verdict: 'approved' }));
  for await (const { example, submission, sentBack } of withSentBack(reports, format, rows)) {
    for (const each of exportLines(example, format, { asker: submission, sentBack })) {
      if (each.kind === 'skipped') continue;
      shape ??= each.shape;
      if (each.shape !== shape) continue;
      encoder ??= await rowEncoder(fileType, format, each.shape);
      const bytes = encoder.add(each);
      if (bytes !== undefined) yield bytes;
    }
  }
  encoder ??= await rowEncoder(fileType, format, undefined);
  yield encoder.end();
}
