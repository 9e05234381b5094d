import type { StageFlow } from '../../../../src/features/flow/http/schemas.ts';

/** The CSS variable of each stage, the same in every picture. */
export const STAGE_COLORS: Readonly<Record<StageFlow['stage'], string>> = {
  questions: '--stage-1',
  research: '--stage-2',
  generation: '--stage-3',
  review: '--stage-4',
  storage: '--stage-5',
};
