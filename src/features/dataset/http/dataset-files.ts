import { linesOf } from '../../../infra/export/dataset-file.ts';
import type { RowEncoder } from '../../../infra/export/encoders/encoder.ts';
import { rowEncoder } from '../../../infra/export/encoders/row-encoder.ts';
import type { DatasetFiles } from './download-route.ts';
import { type DatasetOpener, describedDataset, type OpenDataset } from './open-dataset.ts';

/** Makes the files of downloads. One of a version is sent only once it is known to be the same to the byte. */
export function datasetFiles(open: DatasetOpener): DatasetFiles {
  return async (query, gone) => {
    const opened = await open(query, { gone });
    const { wanted, close } = opened;
    try {
      if (wanted.same !== undefined) await describedDataset(opened);
      return { name: wanted.name, fileType: wanted.fileType, bytes: bytesOf(opened), close };
    } catch (error) {
      close();
      throw error;
    }
  };
}

/** Of several shapes of lines the first decides, as in an exported file. */
async function* bytesOf({ wanted, rows, shape: decided }: OpenDataset): AsyncGenerator<Uint8Array> {
  const { format, fileType } = wanted;
  let encoder: RowEncoder | undefined;
  let shape = decided;
  for await (const exported of rows()) {
    for (const each of linesOf(exported, format)) {
      if (each.kind === 'skipped') continue;
      shape ??= each.shape;
      if (each.shape !== shape) continue;
      encoder ??= await rowEncoder(fileType, format, shape);
      const bytes = encoder.add(each);
      if (bytes !== undefined) yield bytes;
    }
  }
  encoder ??= await rowEncoder(fileType, format, shape);
  yield encoder.end();
}
