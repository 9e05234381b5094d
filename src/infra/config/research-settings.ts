import { z } from 'zod';
import { positive } from './agent-settings.ts';

/** What research rests on. */
const RESEARCH_MODES = ['none', 'memory', 'sources', 'tools'] as const;
export type ResearchMode = (typeof RESEARCH_MODES)[number];

/** The name of a source: it stands in keys and addresses. */
export const sourceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'expected names of a-z, 0-9, dot, - and _, such as manuals');

/** A list, or as a flag `manuals,wiki`. */
export const sourceNamesSchema = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
  z.array(sourceName).min(1),
);

/** What answers rest on. */
export const researchSettings = {
  research: z
    .enum(RESEARCH_MODES, `expected one of ${RESEARCH_MODES.join(', ')}`)
    .optional()
    .describe(
      'What answers rest on: `sources` (documents that were added, each key point with a quote that is checked), `tools` (the model looks things up itself, quotes are checked as well), `memory` (what the model knows), `none`. If left out: as the lane has it; a new one takes `tools` where `lookUpTools` names any, else `sources` where documents are indexed, else `memory`. See [sources](sources.md).',
    ),
  researchSource: sourceNamesSchema
    .optional()
    .describe(
      'Which sources are searched: `manuals,wiki`; `context` alone: only the text that each question brings. If left out: all.',
    ),
  piecesInFront: positive
    .max(40)
    .default(8)
    .describe('How many pieces of the sources the model is shown before it is asked.'),
  cite: z
    .boolean()
    .default(false)
    .describe(
      'Whether answers carry marks such as `[e1]` behind the statements that a quote proves. Only with `sources` and `tools`.',
    ),
  unanswerable: z
    .enum(['drop', 'keep'], 'expected drop or keep')
    .default('drop')
    .describe(
      'What becomes of a question that the sources do not answer: `drop` makes it a dead letter (`no_evidence`), `keep` an example whose answer says so.',
    ),
};
