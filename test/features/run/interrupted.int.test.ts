import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateSyntheticData } from '../../../src/index.ts';

it('a run that is interrupted counts what stage 1 has not stored as open, and calls nothing a duplicate', async () => {
  const controller = new AbortController();
  function* questions() {
    for (let index = 0; index < 3_000; index += 1) {
      if (index === 2_999) controller.abort();
      yield `What is ${index}?`;
    }
  }
  const data = mkdtempSync(join(tmpdir(), 'millrace-interrupted-'));
  const options = { data, simulate: 'latency=1s', signal: controller.signal };
  const { summary } = await generateSyntheticData({ questions: questions(), ...options });
  expect(summary.duplicates).toBe(0);
  expect(summary.open).toBe(summary.asked);
  expect(summary.asked).toBeGreaterThan(0);
});
