import type { QuestionStored } from '../../../stages/store/store.ts';
import { NO_USAGE } from '../../../streams/failure.ts';
import type { Finished } from '../../../streams/work/work.ts';

/** The result of stage 1: the same for every question, made by no model. */
export const QUESTION_STORED: Finished<QuestionStored> = {
  result: { stored: true },
  model: '',
  recipe: '',
  usage: NO_USAGE,
  costUsd: 0,
  attempts: [],
};
