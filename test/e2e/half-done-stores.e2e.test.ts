import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MODEL_FLAGS, REDO_FLAGS, SHADOW_MODEL, writeGroup } from '../fixtures/stores/questions.ts';
import { storeMadeBy, unpackStore } from '../fixtures/stores/unpack.ts';
import { CALLS_LEFT, CANDIDATES, callsOf, STANDING_AT_THE_END } from '../fixtures/stores/what-is-left.ts';
import { embeddedFacts } from '../support/invariants/embedded-facts.ts';
import type { WorkFact } from '../support/invariants/facts.ts';
import { violations } from '../support/invariants.ts';
import { type Ended, millrace } from '../support/millrace.ts';
import { startLlm } from '../support/scripted-llm-process.ts';
import { settleDown } from '../support/settle-down.ts';
import { tempDir } from '../support/temp-dir.ts';

const isShadows = ({ lane }: WorkFact) => lane.startsWith('shadow-');

describe('a data directory that 0.1.0 left half done', () => {
  it('goes on to the end, and pays for nothing that was done', async () => {
    const dir = await tempDir();
    const data = join(dir, 'data');
    await unpackStore(storeMadeBy('0.1.0', 'embedded'), data);
    const judged = (await embeddedFacts(data, 'millrace')).works.filter(isShadows).length;
    const [llm, judge] = [await startLlm(), await startLlm()];
    const config = { shadows: { strict: { baseUrl: judge.url, model: SHADOW_MODEL } } };
    await writeFile(join(dir, 'millrace.config.json'), JSON.stringify(config));
    const done = async (...args: readonly string[]): Promise<Ended> => {
      const ended = await millrace([...args, '--data', data], {
        cwd: dir,
        env: { MILLRACE_BASE_URL: llm.url },
      });
      expect(ended.code, `${args.join(' ')}: ${ended.stderr}`).toBe(0);
      return ended;
    };
    const [half, approved, queued] = [
      await writeGroup(dir, 'half'),
      await writeGroup(dir, 'approved'),
      await writeGroup(dir, 'queued'),
    ];

    await done('run', half, ...MODEL_FLAGS);
    await done('run', queued, ...MODEL_FLAGS);
    await done('run', approved, ...MODEL_FLAGS, ...REDO_FLAGS);
    await done('replay', '--lane', 'second');
    await settleDown(data, llm.url);

    expect(callsOf(await llm.quietStats())).toEqual(CALLS_LEFT);
    expect((await judge.quietStats()).started).toBe(CANDIDATES - judged);
    expect(await violations(data)).toEqual([]);
    const { counts } = await embeddedFacts(data, 'millrace');
    expect(Object.fromEntries([...counts].map(([lane, each]) => [lane.slice(0, 4), each]))).toMatchObject(
      STANDING_AT_THE_END,
    );
    expect((await readdir(data)).filter((name) => name.endsWith('.spill'))).toEqual([]);
    await done('export', '--version', 'v1', '--out', join(dir, 'v1.jsonl'));
  });
});
