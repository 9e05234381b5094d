import type { LaneName, QuestionId } from '../../streams/work/work.ts';
import type { Question } from '../question.ts';

/** A question as it stands in a list of many. */
export type ListedQuestion = Readonly<{
  questionId: QuestionId;
  lane: LaneName;
  question: Question;
  status: string;
  /** How often it has been sent back to generation. */
  revision: number;
  /** Of its latest revision, once that is reviewed. */
  review: Readonly<{ score: number; model: string }> | undefined;
  updatedAt: string;
}>;

/** Where a list goes on: what the page before said. */
export type ListPlace = string;

export type ListQuery = Readonly<{
  lane: LaneName;
  status?: string | undefined;
  /** Default: from the newest on. */
  from?: ListPlace | undefined;
}>;

/** `next` is there unless the end was reached; a page may be empty all the same. */
export type ListPage = Readonly<{ questions: readonly ListedQuestion[]; next: ListPlace | undefined }>;

/**
 * Questions of a lane, the newest first. Paging is stable: whatever comes or moves meanwhile, no question is left out or
 * shown twice. Each page looks at a bounded number of questions, so it takes the same time however many there are and
 * however few match.
 */
export interface QuestionList {
  /** Rejects with a Failure of kind `poison` (`bad_place`) for a place that no page gave. */
  page(query: ListQuery): Promise<ListPage>;
}
