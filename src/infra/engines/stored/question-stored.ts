import type { QuestionStored } from '../../../stages/store/store.ts';
import type { Finished } from '../../../streams/work/work.ts';

/** The result of stage 1: the same for every question, made by no model. */
export const QUESTION_STORED: Finished<QuestionStored> = {
  result: { stored: true },
  model: '',
  recipe: '',
  usage: { input: 0, output: 0, cached: 0, reasoning: 0 },
  costUsd: 0,
  attempts: [],
};
