import type { Settings } from '../../../infra/config/settings.ts';
import { vectorsIn } from '../../../infra/documents/index/of-settings.ts';
import { wantedSpaceOf } from '../../../infra/documents/vectors/open-embedder.ts';
import type { SearchedByVectors } from '../../../infra/documents/vectors/vector-index.ts';
import { count } from '../../../infra/terminal/format.ts';

/** Beyond it a search that looks at every vector takes longer than a question should wait. */
const MOST_CHUNKS_LOOKED_AT = 500_000;

/** What a person should know of how documents are searched by vectors. `isMade`: it is over once the vectors are made. */
export type VectorNotice = Readonly<{ text: string; isMade: boolean }>;

/** What makes the vectors that are missing. */
export const MAKES_VECTORS = 'millrace sources refresh';

/** What to tell at the start of a run; nothing where documents are not searched by vectors. Rejects with Failures. */
export async function vectorNotices(settings: Settings, simulated: boolean): Promise<readonly string[]> {
  if (settings.embeddings === undefined) return [];
  if (simulated || wantedSpaceOf(settings) === undefined) return [SIMULATED];
  const notices = noticesOf(settings.embeddings, await vectorsIn(settings));
  return notices.map(({ text, isMade }) => (isMade ? `${text} Make them: ${MAKES_VECTORS}` : text));
}

/** The same of an index as it stands; none where nothing is indexed. */
export function noticesOf(
  wanted: NonNullable<Settings['embeddings']>,
  { answering, chunks, lacking, searched }: SearchedByVectors,
): readonly VectorNotice[] {
  if (chunks === 0) return [];
  return [
    ...madeNotices(wanted, answering, { chunks, lacking }).map((text) => ({ text, isMade: true })),
    ...(searched === 'by-looking-at-all' && chunks > MOST_CHUNKS_LOOKED_AT
      ? [{ text: tooMany(chunks), isMade: false }]
      : []),
    ...(searched === 'among-those-by-words' ? [{ text: RANKS_AGAIN, isMade: false }] : []),
  ];
}

function madeNotices(
  { model, dimensions }: NonNullable<Settings['embeddings']>,
  answering: SearchedByVectors['answering'],
  { chunks, lacking }: Pick<SearchedByVectors, 'chunks' | 'lacking'>,
): readonly string[] {
  if (answering === undefined) return ['No chunk has a vector yet: documents are searched by words alone.'];
  if (answering.model !== model || (dimensions ?? answering.dimensions) !== answering.dimensions)
    return [
      `Documents are searched by the vectors of ${answering.model} (${answering.dimensions} dimensions) until those of ${model} are made.`,
    ];
  if (lacking === 0) return [];
  return [
    `${count(lacking)} of ${count(chunks)} chunks have no vector yet: they are found by their words alone.`,
  ];
}

const SIMULATED = 'SIMULATED: no vectors are asked for, and documents are searched by words alone.';
const RANKS_AGAIN =
  'This MongoDB does not search by vectors (Atlas does, and MongoDB from 8.2 on with its search process): they only rank again what was found by words.';

function tooMany(chunks: number): string {
  return `${count(chunks)} chunks are more than the embedded index should search by vectors: each search looks at all of them. A MongoDB that searches by vectors has an index for that.`;
}
