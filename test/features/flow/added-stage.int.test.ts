import { expect, it } from 'vitest';
import { readLags } from '../../../src/features/flow/lag.ts';
import { readFlow } from '../../../src/features/flow/read-flow.ts';
import { openData } from '../../../src/features/run/session/open-data.ts';
import { storedGauges } from '../../../src/features/serve/stored-gauges.ts';
import { generateSyntheticData } from '../../../src/index.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { registerPlugin } from '../../../src/infra/plugins/register.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { byStage } from '../../../src/stages/stage-names.ts';
import { checking } from '../../support/stage/fact-check.ts';
import { tempDir } from '../../support/temp-dir.ts';

it('a stage of a plugin has its place in the flow of the page and in the metrics', async () => {
  const { undo } = registerPlugin(checking);
  const data = await tempDir();
  const simulate = 'latency=0ms,reject=0%';
  try {
    await generateSyntheticData({ questions: ['Ion?', 'Sky?'], plugins: [checking], simulate, data });
    const { engine, simulated } = await openData(parseSettings({ data, simulate }));
    try {
      const namespace = 'millrace-simulated';
      const origin = { store: engine.store, lane: MAIN_LANE, namespace, simulated };
      const lags = await readLags(engine.log, namespace);
      const { stages } = await readFlow(origin, () => byStage(() => 0), lags);
      expect(
        stages.map(({ stage, status, done, waiting, lag }) => [stage, status, done, waiting, lag]),
      ).toEqual([
        ['questions', 'questions_added', 2, 0, 0],
        ['research', 'researched', 2, 0, 0],
        ['generation', 'generated', 2, 0, 0],
        ['fact-check', 'checked', 2, 0, 0],
        ['review', 'reviewed', 2, 0, 0],
        ['storage', null, 2, 0, 0],
      ]);
      const place = { data, namespace };
      const [lag, counts] = storedGauges(engine, { namespace, lane: MAIN_LANE, place });
      const read = [...((await lag?.()) ?? []), ...((await counts?.()) ?? [])];
      expect(read.filter(({ labels }) => labels['stage'] === 'fact-check').map(({ name }) => name)).toEqual(
        expect.arrayContaining(['millrace_lag_records', 'millrace_lane_cost_usd', 'millrace_lane_tokens']),
      );
    } finally {
      await engine.close();
    }
  } finally {
    undo();
  }
});
