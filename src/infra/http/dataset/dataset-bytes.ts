import type { DownloadQuery } from './download-query.ts';

/** The bytes of an exported file, piece by piece, in memory that does not grow with it. */
export type DatasetBytes = (query: DownloadQuery) => AsyncIterable<Uint8Array>;
