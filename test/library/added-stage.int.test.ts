import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AddedStage, definePlugin, defineStage, generateSyntheticData } from '../../src/index.ts';
import { registerPlugin } from '../../src/infra/plugins/register.ts';
import { checking } from '../support/stage/fact-check.ts';
import { tempDir } from '../support/temp-dir.ts';

const questions = ['What is an ion?', 'Why is the sky blue?'];

/** Runs the questions through the stages, which are gone afterwards: those of this process are shared by its tests. */
async function run(stages: readonly AddedStage[], simulate = 'latency=0ms,reject=0%') {
  const plugin = definePlugin({ name: '@me/stages', version: '1.0.0', stages });
  const { undo } = registerPlugin(plugin);
  try {
    return await generateSyntheticData({ questions, plugins: [plugin], simulate, data: await tempDir() });
  } finally {
    undo();
  }
}

const answer = z.object({ text: z.string() });

describe('a stage that a plugin brings', () => {
  it('is worked between ours, and what it adds stands in the example under its own name', async () => {
    const { examples } = await run(checking.stages ?? []);
    expect(examples).toHaveLength(questions.length);
    for (const { added, provenance, v } of examples) {
      expect(v).toBe(4);
      expect(added).toEqual({ 'fact-check': { wrong: expect.any(Array) } });
      expect(provenance.map(({ stage }) => stage)).toEqual([
        'research',
        'generation',
        'fact-check',
        'review',
      ]);
    }
  });

  it('sends a candidate back with its reasons, and ends the question where no revision is left', async () => {
    const { examples, rejected } = await run(checking.stages ?? [], 'latency=0ms,reject=100%');
    expect(examples).toEqual([]);
    for (const { review, revision, added } of rejected) {
      expect(revision).toBe(1);
      expect(added).toBeUndefined();
      expect(review).toMatchObject({
        verdict: 'rejected',
        feedback: expect.stringContaining('[simulated] wrong'),
      });
    }
  });

  it('may stand behind any of ours and behind another of a plugin, and work its result out by itself', async () => {
    const seen: string[] = [];
    const watching = (name: string, after: string) =>
      defineStage({
        name,
        after,
        status: `${name}_done`,
        asksModel: false,
        result: answer,
        work: ({ research, candidate, review, added }) => {
          const there = { research, candidate, review };
          const names = Object.entries(there).flatMap(([part, value]) => (value === undefined ? [] : [part]));
          return { text: [...names, ...Object.keys(added)].join(' ') };
        },
        decide: (_message, { text }, next) => {
          seen.push(`${name}: ${text}`);
          return next.emit({ text });
        },
      });
    const stages = [
      watching('first', 'questions'),
      watching('found', 'research'),
      watching('passed', 'review'),
      watching('again', 'passed'),
    ];
    const { examples } = await run(stages);
    expect(examples).toHaveLength(questions.length);
    expect(new Set(seen)).toEqual(
      new Set([
        'first: ',
        'found: research first',
        'passed: research candidate review first found',
        'again: research candidate review first found passed',
      ]),
    );
    for (const { provenance } of examples)
      expect(provenance.map(({ stage }) => stage)).toEqual([
        'first',
        'research',
        'found',
        'generation',
        'review',
        'passed',
        'again',
      ]);
  });

  it('behind review looks at what passed alone, and can still reject it', async () => {
    const last = defineStage({
      name: 'last',
      after: 'review',
      status: 'looked_at',
      asksModel: false,
      result: answer,
      work: ({ review }) => ({ text: String(review?.verdict) }),
      decide: (_message, { text }, next) => next.reject(`it was ${text}`),
    });
    const passed = await run([last]);
    expect(passed.rejected.map(({ review }) => review.feedback)).toEqual([
      'it was approved',
      'it was approved',
    ]);
    const failed = await run([last], 'latency=0ms,reject=100%');
    expect(failed.rejected.map(({ added }) => added)).toEqual([undefined, undefined]);
    expect(failed.rejected.map(({ review }) => review.feedback)).not.toContain('it was rejected');
  });

  it('that throws, or decides nothing, costs the one question, with a dead letter that names it', async () => {
    const broken = (decide: AddedStage['decide']) =>
      run([
        defineStage({
          ...{ name: 'broken', after: 'generation', status: 'broken_done', asksModel: false, result: answer },
          work: () => ({ text: '' }),
          decide,
        }),
      ]);
    const thrown = await broken(() => {
      throw new TypeError('no such thing');
    });
    expect(thrown.errors.map(({ message }) => message)).toEqual(
      questions.map(() => 'The stage broken of @me/stages 1.0.0: decide failed: no such thing'),
    );
    const failed = await broken((_message, _result, next) => next.fail('by order'));
    expect(failed.errors.map(({ stage, code, message }) => ({ stage, code, message }))).toEqual(
      questions.map(() => ({ stage: 'broken', code: 'stage_refused', message: 'by order' })),
    );
  });
});
