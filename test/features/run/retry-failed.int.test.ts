import { describe, expect, it } from 'vitest';
import { startLlm } from '../../support/llm/scripted-llm-process.ts';
import type { Fault } from '../../support/llm/scripted-llm-script.ts';
import { questionText } from '../../support/run/question-files.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { tempDir } from '../../support/temp-dir.ts';

describe('sending dead letters again in a run', () => {
  it('waits for those of other lanes as well', async () => {
    const llm = await startLlm();
    const settings = { data: await tempDir(), baseUrl: llm.url };
    await runHere(settings, { asked: askedQuestions(3) });
    const faults = Array<Fault>(4).fill('malformed');
    const sequences = [1, 2].map((number) => ({
      question: questionText(number),
      schema: 'candidate',
      faults,
    }));
    await llm.setScript({ sequences, latencyMs: { review: 300 } });
    const redone = await runHere(settings, { asked: askedQuestions(3), redo: 'generation' });
    expect(redone.counts).toMatchObject({ approved: 1, dead_lettered: 2 });
    const retried = await runHere(settings, { asked: undefined, retryFailed: true });
    expect(retried).toMatchObject({ lane: 'main', retried: 2, redriven: { waiting: 0, closed: 2, open: 0 } });
    const again = await runHere(settings, { asked: askedQuestions(3), redo: 'generation' });
    expect(again.counts).toMatchObject({ approved: 3 });
    expect(again.spent.calls).toBe(0);
  });
});
