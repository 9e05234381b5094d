import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { defineStage } from '../../stages/added/added-stage.ts';
import { stageSlot } from '../../stages/added/stage-slot.ts';
import { questionIdOf } from '../../stages/question.ts';
import type { AgentStage } from '../../stages/stage-names.ts';
import type { Status } from '../../stages/status.ts';
import { claimed } from './claiming.ts';
import { finishedWith, newLane, type OpenStore, openForTest, questionOf, workOf } from './fixtures.ts';

const named = (name: string, status: string, after = 'generation') =>
  defineStage({
    ...{ name, after, status, asksModel: true, prompt: '{{candidate}}' },
    result: z.object({ wrong: z.array(z.string()) }),
    decide: (_message, result, next) => next.emit(result),
  });

/** The stages are those of this process, and are taken out again after the test. */
function withStages(): readonly AgentStage[] {
  const stages = [named('fact-check', 'checked'), named('style-check', 'styled')];
  const fit = stageSlot.fit(stages, { name: '@me/stages', version: '1.0.0' });
  fit.put();
  onTestFinished(() => fit.takeOut());
  return stages.map(({ name }) => name as AgentStage);
}

/** Stages that plugins bring: all of their works stand together. */
export function describeAdded(open: OpenStore): void {
  describe('stages of plugins', () => {
    it('have their works counted, told and deleted each by its own', async () => {
      const stages = withStages();
      const { store } = await openForTest(open);
      const lane = newLane();
      const question = questionOf();
      await store.questions.accept(workOf(question, { lane, stage: 'questions' }), question, undefined);
      for (const [index, stage] of stages.entries()) {
        const works = store.works(stage);
        const held = await claimed(works, workOf(question, { lane, stage }));
        await works.complete(held, finishedWith({ wrong: [stage] }, { recipe: `recipe ${index}` }));
      }
      const [first = 'research', second = 'research'] = stages;
      expect(await store.reports.recipes(lane, first)).toEqual(new Map([['recipe 0', 1]]));
      expect(await store.reports.recipes(lane, second)).toEqual(new Map([['recipe 1', 1]]));
      const { stages: tallies } = await store.reports.progress(lane);
      expect([tallies[first]?.done, tallies[second]?.done, tallies.review.done]).toEqual([1, 1, 0]);
      const [history] = await store.reports.histories(questionIdOf(question));
      expect(history?.works.map(({ stage, result }) => [stage, result])).toEqual(
        stages.map((stage) => [stage, { wrong: [stage] }]),
      );
      const ids = [questionIdOf(question)];
      expect((await store.forgotten.holdings(ids)).works).toBe(2);
      await store.forgotten.mark(ids);
      await store.forgotten.erase(ids);
      expect((await store.forgotten.holdings(ids)).works).toBe(0);
    });

    it('move a question on from one to the next, and never back, though they rank as the stage of ours before them', async () => {
      withStages();
      const { store } = await openForTest(open);
      const lane = newLane();
      const question = questionOf();
      const work = workOf(question, { lane, stage: 'questions' });
      await store.questions.accept(work, question, undefined);
      const moves = [
        'generated',
        'styled',
        'checked',
        'generated',
        'reviewed',
        'styled',
        'approved',
        'checked',
      ];
      const stands: (string | undefined)[] = [];
      for (const status of moves) {
        await store.move({ work, status: status as Status });
        stands.push(await store.reports.statusOf(lane, work.questionId));
      }
      expect(stands).toEqual([
        ...['generated', 'styled', 'styled', 'styled'],
        ...['reviewed', 'reviewed', 'approved', 'approved'],
      ]);
      expect((await store.reports.counts(lane)).approved).toBe(1);
    });
  });
}
