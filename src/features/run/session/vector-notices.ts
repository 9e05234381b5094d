import type { Settings } from '../../../infra/config/settings.ts';
import { vectorsIn } from '../../../infra/documents/index/of-settings.ts';
import { wantedSpaceOf } from '../../../infra/documents/vectors/open-embedder.ts';
import { count } from '../../../infra/terminal/format.ts';

/** Beyond it a search that looks at every vector takes longer than a question should wait. */
const MOST_CHUNKS_LOOKED_AT = 200_000;
const MAKE = 'Make them: millrace sources refresh';

/** What a person should know of how documents are searched by vectors; nothing where they are not. Rejects with Failures. */
export async function vectorNotices(settings: Settings, simulated: boolean): Promise<readonly string[]> {
  if (settings.embeddings === undefined) return [];
  if (simulated || wantedSpaceOf(settings) === undefined) return [SIMULATED];
  const { answering, chunks, lacking, searched } = await vectorsIn(settings);
  if (chunks === 0) return [];
  return [
    ...madeNotices(settings.embeddings, answering, { chunks, lacking }),
    ...(searched === 'by-looking-at-all' && chunks > MOST_CHUNKS_LOOKED_AT ? [tooMany(chunks)] : []),
    ...(searched === 'among-those-by-words' ? [RANKS_AGAIN] : []),
  ];
}

function madeNotices(
  { model, dimensions }: NonNullable<Settings['embeddings']>,
  answering: Readonly<{ model: string; dimensions: number }> | undefined,
  { chunks, lacking }: Readonly<{ chunks: number; lacking: number }>,
): readonly string[] {
  if (answering === undefined)
    return [`No chunk has a vector yet: documents are searched by words alone. ${MAKE}`];
  if (answering.model !== model || (dimensions ?? answering.dimensions) !== answering.dimensions)
    return [
      `Documents are searched by the vectors of ${answering.model} (${answering.dimensions} dimensions) until those of ${model} are made. ${MAKE}`,
    ];
  if (lacking === 0) return [];
  return [
    `${count(lacking)} of ${count(chunks)} chunks have no vector yet: they are found by their words alone. ${MAKE}`,
  ];
}

const SIMULATED = 'SIMULATED: no vectors are asked for, and documents are searched by words alone.';
const RANKS_AGAIN =
  'This MongoDB does not search by vectors (Atlas does, and MongoDB from 8.2 on with its search process): they only rank again what was found by words.';

function tooMany(chunks: number): string {
  return `${count(chunks)} chunks are more than the embedded index should search by vectors: each search looks at all of them. A MongoDB that searches by vectors has an index for that.`;
}
