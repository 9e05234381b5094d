import type { LaneName, QuestionId } from '../../streams/work/work.ts';
import type { SourceKey } from '../evidence/source-key.ts';

/** That the research of a question rests on a passage of a source. */
export type EvidenceUse = Readonly<{
  /** In full, such as `documents:manuals/oil.md`. */
  source: string;
  lane: LaneName;
  questionId: QuestionId;
  /** Of the chunk, or of the whole text where there are no chunks. */
  contentHash: string;
  passageHash: string;
  /** A quote of it stands in the research; else it was only shown. */
  cited: boolean;
}>;

/** What rests on which source, and the sources that were taken back. Everything is safe to repeat, and rejects with Failures. */
export interface EvidenceRepository {
  note(uses: readonly EvidenceUse[]): Promise<void>;
  /** All that is cited, in the order of the sources. */
  cited(): AsyncIterable<EvidenceUse>;
  /** Of what the key names. */
  usesOf(key: SourceKey): AsyncIterable<EvidenceUse>;
  /** From when this resolves, no store takes research that rests on it. */
  forget(key: SourceKey): Promise<void>;
  /** Nothing rests on it any more, and no step shows it: what only saw it is not known any longer. */
  finish(key: SourceKey): Promise<void>;
  /** Begun to be forgotten, and not finished. */
  unfinished(): Promise<readonly SourceKey[]>;
  forgottenAmong(sources: readonly string[]): Promise<readonly string[]>;
}
