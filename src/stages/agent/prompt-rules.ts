import { FIELD_GROUPS, QUESTION_NAMES } from './question-values.ts';
import type { TemplateRule } from './template.ts';

/** The prompts that take the place of those of the agents where research looks things up. */
export type GroundedPrompt = 'look-up' | 'generation.look-up' | 'review.look-up';

type OurPrompt = 'research' | 'generation' | 'review';

/** What language is written in is filled in before anything is asked. */
const ANY = [...QUESTION_NAMES, 'language'] as const;
const WRITER = [...ANY, 'research', 'instructions', 'previous', 'feedback'] as const;
const JUDGE = [...ANY, 'reference', 'research', 'candidate', 'rubric'] as const;

function rule(allowed: readonly string[], required: readonly string[]): TemplateRule {
  return { allowed, required, groups: FIELD_GROUPS };
}

/** What each agent's prompt may and must name. */
export const PROMPT_RULES: Readonly<Record<OurPrompt | GroundedPrompt, TemplateRule>> = {
  research: rule(ANY, ['question', 'source']),
  generation: rule(WRITER, ['question', 'research', 'instructions', 'previous', 'feedback']),
  review: rule(JUDGE, ['question', 'candidate', 'rubric']),
  'look-up': rule([...ANY, 'pieces', 'canLook', 'notes'], ['question', 'pieces']),
  'generation.look-up': rule(
    [...WRITER, 'evidence'],
    ['question', 'research', 'evidence', 'instructions', 'previous', 'feedback'],
  ),
  'review.look-up': rule([...JUDGE, 'evidence'], ['question', 'evidence', 'candidate', 'rubric']),
};
