import { expect, it } from 'vitest';
import { runQuestions } from '../../../src/features/run/run.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { storedGauges } from '../../../src/features/serve/stored-gauges.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { Metrics } from '../../../src/infra/metrics/metrics.ts';
import { askedQuestions } from '../../support/run/run-here.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** What `/metrics` says at the end of one process that works so many questions of the same data. */
async function metricsAfter(data: string, questions: number): Promise<string> {
  const metrics = new Metrics();
  const settings = settingsSchema.parse({ data, dryRun: true, simulate: 'latency=1ms,errors=20%' });
  const session = await openSession({ settings, onEvent: (event) => metrics.onEvent(event) });
  try {
    await runQuestions(session, { input: 'test', asked: askedQuestions(questions) });
    const { engine, namespace, lane } = session;
    for (const source of storedGauges(engine, { namespace, lane: lane.name, place: settings }))
      metrics.readFrom(source);
    return await metrics.text();
  } finally {
    await session.close();
  }
}

/** The sum of all samples of a metric whose labels hold the text. */
function sumOf(text: string, name: string, labels: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(labels));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

it('counters of all processes add up to what the store tells, which no restart resets or counts twice', async () => {
  const data = await tempDir();
  const texts = [await metricsAfter(data, 3), await metricsAfter(data, 6), await metricsAfter(data, 6)];
  const stored = texts.map((text) => sumOf(text, 'millrace_lane_tokens', 'kind="input"'));
  const counted = texts.map((text) => sumOf(text, 'millrace_tokens_total', 'kind="input"'));
  expect(counted[2]).toBe(0);
  expect(stored).toEqual([
    counted[0],
    (counted[0] ?? 0) + (counted[1] ?? 0),
    (counted[0] ?? 0) + (counted[1] ?? 0),
  ]);
  const ended = texts.map((text) => sumOf(text, 'millrace_questions_ended_total', ''));
  expect(ended).toEqual([3, 3, 0]);
  expect(sumOf(texts[2] ?? '', 'millrace_questions', '')).toBe(6);
});
