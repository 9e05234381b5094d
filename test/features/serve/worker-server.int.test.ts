import { expect, it } from 'vitest';
import { runQuestions } from '../../../src/features/run/run.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { newMetrics, startWorkerServer } from '../../../src/features/serve/worker-server.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { madeToken } from '../../../src/infra/http/made-token.ts';
import { METRIC_GROUPS } from '../../../src/infra/metrics/catalogue.ts';
import { outageSignal } from '../../support/failures.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = ['What is a buffer?', 'What is a base?', 'What is an acid?'];

async function* asked() {
  for (const text of QUESTIONS)
    yield { question: { text, context: '', topic: 't', subTopic: '', trainingType: 'sft' } };
}

it('a worker answers what it did, where everything stands, and whether it is ready', async () => {
  const metrics = await newMetrics();
  const data = await tempDir();
  const session = await openSession({
    settings: parseSettings({ data, dryRun: true, leastFreeDiskMb: 0 }),
    onEvent: (event) => metrics.onEvent(event),
  });
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const server = await startWorkerServer(session, { port: 0, host: '127.0.0.1', metrics, note });
  const headers = { authorization: `Bearer ${madeToken(data)}` };
  const ask = (path: string) => fetch(new URL(path, server.address), { headers });
  try {
    await until('it is ready', async () => (await ask('/readyz')).status === 200);
    const { counts } = await runQuestions(session, { asked: asked(), input: 'test' });
    expect((await fetch(new URL('/metrics', server.address))).status).toBe(401);
    expect(notes.join()).toContain('http-token');
    const scraped = await ask('/metrics');
    expect(scraped.headers.get('content-type')).toContain('text/plain');
    const text = await scraped.text();
    const names = Object.values(METRIC_GROUPS).flatMap((group) => Object.keys(group));
    for (const name of names) expect(text).toContain(`# TYPE ${name} `);
    const samples = (name: string) => text.split('\n').filter((line) => line.startsWith(`${name}{`));
    const sum = (name: string) =>
      samples(name).reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
    expect(sum('millrace_questions_ended_total')).toBe(QUESTIONS.length);
    expect(sum('millrace_questions')).toBe(QUESTIONS.length);
    expect(text).toContain(`millrace_questions{lane="main",status="approved"} ${counts.approved}`);
    expect(sum('millrace_calls_total')).toBe(session.meter.reading.calls);
    expect(text).toContain('millrace_ready 1');
    expect(text).toContain('millrace_partitions{stage="review"} 1');
    expect((await ask('/livez')).status).toBe(200);
    const [gate] = session.endpoints.values();
    for (let call = 0; call < 5; call += 1) gate?.circuit.onOutage(outageSignal());
    const away = await ask('/readyz');
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({
      status: 'no',
      reasons: [{ code: 'circuit_open', subject: 'simulated' }],
    });
    expect(await (await ask('/metrics')).text()).toContain('millrace_alarms{kind="circuit_open"} 1');
  } finally {
    await server.close();
    await session.close();
  }
});

it('tells no metrics to other machines without a token, and still answers probes', async () => {
  const session = await openSession({
    settings: parseSettings({ data: await tempDir(), dryRun: true, leastFreeDiskMb: 0 }),
  });
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const metrics = await newMetrics();
  const server = await startWorkerServer(session, { port: 0, host: '0.0.0.0', metrics, note });
  try {
    expect((await fetch(new URL('/livez', server.address))).status).toBe(200);
    expect((await fetch(new URL('/metrics', server.address))).status).toBe(404);
    expect(notes.join()).toContain('MILLRACE_HTTP_TOKEN');
  } finally {
    await server.close();
    await session.close();
  }
});
