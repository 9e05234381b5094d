import type { DocumentIndex } from '../../infra/documents/index/document-index.ts';
import type { EvidenceRepository } from '../../stages/store/evidence-repository.ts';
import { inBatches } from '../../streams/in-batches.ts';

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
  for await (const cited of inBatches(evidence.cited(), AT_ONCE)) {
    // Pages and what tools said are not indexed.
    const uses = cited.filter(({ source }) => source.startsWith('documents:'));
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
