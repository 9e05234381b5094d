import { FIELD_GROUPS, QUESTION_NAMES } from './question-values.ts';
import type { TemplateRule } from './template.ts';

/** The prompts that take the place of those of the agents where research looks things up. */
export type GroundedPrompt = 'look-up' | 'generation.look-up' | 'review.look-up';

type OurPrompt = 'research' | 'generation' | 'review';

/** What language is written in is filled in before anything is asked. */
const ANY = [...QUESTION_NAMES, 'language'] as const;
const WRITER = [...ANY, 'research', 'instructions', 'previous', 'feedback'] as const;
const JUDGE = [...ANY, 'reference', 'research', 'candidate', 'rubric'] as const;

/** What each agent's prompt may and must name. */
export const PROMPT_RULES: Readonly<Record<OurPrompt | GroundedPrompt, TemplateRule>> = {
  research: { allowed: ANY, required: ['question', 'source'], groups: FIELD_GROUPS },
  generation: {
    allowed: WRITER,
    required: ['question', 'research', 'instructions', 'previous', 'feedback'],
    groups: FIELD_GROUPS,
  },
  review: { allowed: JUDGE, required: ['question', 'candidate', 'rubric'], groups: FIELD_GROUPS },
  'look-up': {
    allowed: [...ANY, 'pieces', 'canLook', 'notes'],
    required: ['question', 'pieces'],
    groups: FIELD_GROUPS,
  },
  'generation.look-up': {
    allowed: [...WRITER, 'evidence'],
    required: ['question', 'research', 'evidence', 'instructions', 'previous', 'feedback'],
    groups: FIELD_GROUPS,
  },
  'review.look-up': {
    allowed: [...JUDGE, 'evidence'],
    required: ['question', 'evidence', 'candidate', 'rubric'],
    groups: FIELD_GROUPS,
  },
} satisfies Readonly<Record<string, TemplateRule>>;
