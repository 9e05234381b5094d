import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import { startScriptedLlmServer } from '../../support/llm/scripted-llm-server.ts';
import { arrivalsIn, type JournalMode } from '../../support/process/arrivals.ts';
import { ended, VECTOR_ARRIVAL_POINT } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { writeCases } from '../../support/run/cases.ts';
import { settleDown } from '../../support/run/settle-down.ts';

const BATCH = 3;
const QUESTIONS = 8;
/** At which vector of a query each process dies. */
const KILLED_AT = [1, 1, 1];

/** Documents with vectors, and a server of vectors that outlives every run. */
async function openRig() {
  const vectors = await startScriptedLlmServer();
  onTestFinished(() => vectors.close());
  const rig = await RunRig.open({
    questions: QUESTIONS,
    script: { latencyMs: 10 },
    flags: ['--quiet', '--batch-size', String(BATCH), '--research', 'sources'],
  });
  const embeddings = { model: 'e', baseUrl: vectors.url, price: 1 };
  const config = join(rig.dir, 'vectors.json');
  await writeFile(config, JSON.stringify({ embeddings }));
  const folder = await writeCases(rig.dir);
  expect(await rig.command('sources', 'add', folder, '--config', config)).toMatchObject({ code: 0 });
  const marks = join(rig.dir, 'arrivals');
  const start = (vector: number, mode: JournalMode = 'journal') =>
    ended(rig.startNode(VECTOR_ARRIVAL_POINT, marks, String(vector), mode, ...rig.args('--config', config)));
  return { rig, embeddings, start, arrivals: () => arrivalsIn(marks) };
}

describe('a run that searches by vectors, killed as the vector of a query arrives', () => {
  it('embeds no query again whose vector had come', async () => {
    const { rig, embeddings, start, arrivals } = await openRig();
    for (const [index, vector] of KILLED_AT.entries()) {
      const which = `kill ${index + 1}`;
      // On a busy machine all of them may come in the turn of one kill.
      if (index > 0 && arrivals().length === QUESTIONS) break;
      const killed = await start(vector);
      expect(killed.signal, `${which}: ${killed.stderr}`).toBe('SIGKILL');
      expect(await violationsAtAnyTime(rig.data), `after ${which}`).toEqual([]);
    }
    const last = await start(0);
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url, { embeddings });

    expect(arrivals()).toHaveLength(QUESTIONS);
    expect(await violations(rig.data)).toEqual([]);
  });

  it('would embed it again if the journal were not', async () => {
    const { start, arrivals } = await openRig();
    expect(await start(1, 'no-journal')).toMatchObject({ signal: 'SIGKILL' });
    expect(await start(0, 'no-journal')).toMatchObject({ code: 0 });
    expect(arrivals().length).toBeGreaterThan(QUESTIONS);
  });
});
