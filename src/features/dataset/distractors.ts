import type { ExportedExample } from '../../infra/export/dataset-file.ts';
import type { FoundPiece, PieceFinder } from '../../stages/evidence/finder.ts';
import type { Example } from '../../stages/example.ts';

export type Distracting = Readonly<{ finder: PieceFinder; count: number }>;

/**
 * The rows, each with pieces of the sources that share most words with its question and that its answer does not rest on: what a model
 * that answers from passages has to look past. Examples from memory have none.
 */
export async function* withDistractors(
  distracting: Distracting | undefined,
  rows: AsyncIterable<ExportedExample>,
): AsyncGenerator<ExportedExample> {
  if (distracting === undefined) return yield* rows;
  for await (const row of rows) {
    const isMade = row.leftOut === undefined && row.example.research.coverage !== undefined;
    yield isMade ? { ...row, distractors: await distractorsOf(row.example, distracting) } : row;
  }
}

async function distractorsOf(
  { question, research: { evidence = [] } }: Example,
  { finder, count }: Distracting,
): Promise<readonly FoundPiece[]> {
  const cited = new Set(evidence.map(({ contentHash }) => contentHash));
  const found = await finder.find({ text: question.text, limit: count + cited.size });
  return found
    .filter(
      ({ contentHash, text }) =>
        !cited.has(contentHash) && !evidence.some(({ quote }) => text.includes(quote)),
    )
    .slice(0, count);
}
