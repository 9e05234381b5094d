import { z } from 'zod';
import { definePlugin, defineStage } from '../../../src/index.ts';

const GOOD_SCORE = 7;

/** A stage that exists in the tests only: it stands between writing and judging, and names false claims. */
export const factCheck = defineStage({
  name: 'fact-check',
  after: 'generation',
  status: 'checked',
  asksModel: true,
  result: z.object({ wrong: z.array(z.string()), score: z.int().min(1).max(10) }),
  prompt: 'Name each false claim in {{candidate}}, an answer to {{question}}, and score how right it is.',
  decide: (_message, { wrong, score }, next) =>
    score < GOOD_SCORE ? next.revise(wrong.join('; ')) : next.emit({ wrong }),
});

export const checking = definePlugin({ name: '@me/checking', version: '1.0.0', stages: [factCheck] });
