import type { DocumentIndex } from '../../infra/documents/index/document-index.ts';
import type { EvidenceRepository, EvidenceUse } from '../../stages/store/evidence-repository.ts';

/** A question whose quotes stand no longer in what is indexed. */
export type StaleQuestion = Readonly<{
  questionId: string;
  lane: string;
  /** Whose text has gone or has changed there, such as `documents:manuals/oil.md`. */
  sources: readonly string[];
}>;

const AT_ONCE = 500;

/**
 * The questions that rest on text which left the index: by the chunk, so that a change to a file concerns only who quoted what was
 * changed. Text that was moved or renamed is still there.
 */
export async function staleQuestions(
  evidence: Pick<EvidenceRepository, 'cited'>,
  index: Pick<DocumentIndex, 'knownChunks'>,
): Promise<readonly StaleQuestion[]> {
  const stale = new Map<string, { questionId: string; lane: string; sources: Set<string> }>();
  for await (const uses of inBatches(evidence.cited())) {
    const existing = await index.knownChunks([...new Set(uses.map(({ contentHash }) => contentHash))]);
    for (const { questionId, lane, source, contentHash } of uses) {
      if (existing.has(contentHash)) continue;
      const key = `${lane}/${questionId}`;
      const found = stale.get(key) ?? { questionId, lane, sources: new Set() };
      stale.set(key, found);
      found.sources.add(source);
    }
  }
  return [...stale.values()].map(({ sources, ...question }) => ({ ...question, sources: [...sources] }));
}

/** Of documents alone: pages and what tools said are not indexed. */
async function* inBatches(uses: AsyncIterable<EvidenceUse>): AsyncIterable<readonly EvidenceUse[]> {
  let batch: EvidenceUse[] = [];
  for await (const use of uses) {
    if (!use.source.startsWith('documents:')) continue;
    batch.push(use);
    if (batch.length < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
