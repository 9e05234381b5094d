import { expect, it } from 'vitest';
import { Metrics } from '../../../src/infra/metrics/metrics.ts';
import { type EndedLookUp, LookUpMeter } from '../../../src/infra/tools/look-up-meter.ts';
import { refusedForGood } from '../../../src/infra/tools/refused-for-good.ts';
import type { Tool } from '../../../src/stages/tools/tool.ts';

const usual = {
  name: 'web_search',
  version: '1',
  description: '',
  parameters: {},
  reach: 'web',
  timeoutMs: 1,
  price: 0,
} as const;
const context = { signal: new AbortController().signal, shownUrls: new Set<string>() };

it('look-ups are measured by tool and outcome: new ones, kept ones and those that failed', async () => {
  const meter = new LookUpMeter();
  const metrics = new Metrics();
  const heard: EndedLookUp[] = [];
  meter.onLookedUp = (each) => {
    heard.push(each);
    metrics.lookedUp(each);
  };
  const run = (answer: Tool['run']) => meter.of({ ...usual, run: answer }).run({}, context);
  await run(async () => ({ text: 'a' }));
  await run(async () => ({ text: 'a', cached: true }));
  await expect(run(() => Promise.reject(refusedForGood('gone', 'gone')))).rejects.toThrow('gone');
  expect(heard.map(({ tool, outcome }) => `${tool} ${outcome}`)).toEqual([
    'web_search ok',
    'web_search kept',
    'web_search content',
  ]);
  expect(await metrics.text()).toContain('millrace_look_ups_total{tool="web_search",outcome="kept"} 1');
  expect(await metrics.text()).toContain('millrace_look_up_duration_seconds_count{tool="web_search"} 3');
});
