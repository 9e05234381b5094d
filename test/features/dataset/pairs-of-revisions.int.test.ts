import { expect, it } from 'vitest';
import { withSentBack } from '../../../src/features/dataset/sent-back.ts';
import { generateSyntheticData } from '../../../src/index.ts';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { exportLines } from '../../../src/stages/formats/index.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { tempDir } from '../../support/temp-dir.ts';

const questions = Array.from({ length: 20 }, (_, index) => `Why does ice of kind ${index} float?`);
const simulate = 'latency=0,reject=60%,seed=7';

/** What a run whose reviewer sends back a lot leaves as preference pairs, and why the rest is none. */
async function pairsAfter(options: { userTurn?: 'rephrase' }) {
  const data = await tempDir();
  const { examples } = await generateSyntheticData({ ...options, questions, data, simulate });
  const { store, close } = await openEmbedded({ data, namespace: 'millrace-simulated', mode: 'append' });
  try {
    const rows = store.reports.dataset({ lane: MAIN_LANE, verdict: 'approved' });
    const lines = [];
    for await (const { example, sentBack } of withSentBack(store.reports, 'dpo', rows))
      lines.push(...exportLines(example, 'dpo', { sentBack }));
    const reasons = lines.flatMap((line) => (line.kind === 'skipped' ? [line.reason] : []));
    const pairs = lines.flatMap((line) => (line.kind === 'line' ? [line.value] : []));
    return { revised: examples.filter(({ revision }) => revision > 0).length, pairs, reasons };
  } finally {
    await close();
  }
}

it('answers that were sent back make preference pairs, because the prompt is the question and never changes', async () => {
  const { revised, pairs, reasons } = await pairsAfter({});
  expect(revised).toBeGreaterThan(3);
  expect(pairs).toHaveLength(revised);
  expect(reasons.filter((reason) => reason.includes('rewritten'))).toEqual([]);
  for (const { prompt } of pairs) expect(questions).toContain(Object(prompt)[0].content);
});

it("where the model writes the user's message, each revision has another one, and none of them is a pair", async () => {
  const { revised, pairs, reasons } = await pairsAfter({ userTurn: 'rephrase' });
  expect(pairs).toEqual([]);
  expect(reasons.filter((reason) => reason.includes('rewritten'))).toHaveLength(revised);
});
