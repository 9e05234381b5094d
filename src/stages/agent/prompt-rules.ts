import type { AgentStage } from '../stage-names.ts';
import { QUESTION_NAMES } from './question-values.ts';
import type { TemplateRule } from './template.ts';

/** What each agent's prompt may and must name. */
export const PROMPT_RULES: Readonly<Record<AgentStage, TemplateRule>> = {
  research: { allowed: QUESTION_NAMES, required: ['question', 'source'] },
  generation: {
    allowed: [...QUESTION_NAMES, 'research', 'instructions', 'previous', 'feedback'],
    required: ['question', 'research', 'instructions', 'previous', 'feedback'],
  },
  review: {
    allowed: [...QUESTION_NAMES, 'research', 'candidate', 'rubric'],
    required: ['question', 'candidate', 'rubric'],
  },
};
