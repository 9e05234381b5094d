import type { AgentStage } from '../stage-names.ts';
import { FIELD_GROUPS, QUESTION_NAMES } from './question-values.ts';
import type { TemplateRule } from './template.ts';

/** What each agent's prompt may and must name. */
export const PROMPT_RULES: Readonly<Record<AgentStage, TemplateRule>> = {
  research: { allowed: QUESTION_NAMES, required: ['question', 'source'], groups: FIELD_GROUPS },
  generation: {
    allowed: [...QUESTION_NAMES, 'research', 'instructions', 'previous', 'feedback'],
    required: ['question', 'research', 'instructions', 'previous', 'feedback'],
    groups: FIELD_GROUPS,
  },
  review: {
    allowed: [...QUESTION_NAMES, 'reference', 'research', 'candidate', 'rubric'],
    required: ['question', 'candidate', 'rubric'],
    groups: FIELD_GROUPS,
  },
};
