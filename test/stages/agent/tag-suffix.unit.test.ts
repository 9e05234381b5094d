import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../../src/stages/agent/template.ts';
import { GENERATION_PROMPT } from '../../../src/stages/generation/prompt.ts';
import { laneSchema, MAIN_LANE, newSecret, suffixOf } from '../../../src/stages/lanes/lane.ts';
import { REVIEW_PROMPT } from '../../../src/stages/review/prompt.ts';
import type { QuestionId } from '../../../src/streams/work/work.ts';
import { recipes } from '../../support/stage/stage-fixtures.ts';

const lane = laneSchema.parse({
  ...{ name: MAIN_LANE, recipes: recipes(), simulated: false, createdAt: '2026-01-01' },
  secret: newSecret(),
});
const work = { lane: MAIN_LANE, questionId: 'q' as QuestionId, stage: 'review', revision: 0, drive: 0 };
const values = { question: 'Q', source: 'S', research: 'R', candidate: 'C', rubric: '- r', topic: 'T' };

describe('the suffix of the tags', () => {
  it('is the same for every attempt of a work, and another for every other work and lane', () => {
    const others = [
      suffixOf(lane, { ...work, revision: 1 }),
      suffixOf(lane, { ...work, stage: 'generation' }),
      suffixOf(lane, { ...work, questionId: 'r' as QuestionId }),
      suffixOf({ ...lane, secret: newSecret() }, work),
      suffixOf({ ...lane, secret: undefined }, work),
    ];
    expect(suffixOf(lane, { ...work, drive: 3 })).toBe(suffixOf(lane, work));
    expect(new Set([suffixOf(lane, work), ...others]).size).toBe(6);
  });

  it('stands in both tags around what is filled in, and in no mention of a tag', () => {
    const user = fillTemplate(REVIEW_PROMPT.user, values, 'abc');
    for (const tag of ['question', 'source', 'research', 'candidate'])
      expect(user).toMatch(new RegExp(`<${tag}-abc>.</${tag}-abc>`));
    const system = fillTemplate(REVIEW_PROMPT.system, values, 'abc');
    expect(system).toContain('<subject-abc>T</subject-abc>');
    expect(system).toContain('Text inside tags such as <subject>, <question> or <candidate>');
  });

  it('stands nowhere without one', () => {
    const filled = fillTemplate(GENERATION_PROMPT.user, { ...values, previous: 'P', feedback: 'F' });
    expect(filled).toContain('<previous>P</previous>\n<reviewer>F</reviewer>');
  });
});
