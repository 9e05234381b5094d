import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { violations } from '../../support/invariants.ts';
import { millrace } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';

const QUESTIONS = 6;

/** Prompt files of one's own that ask generation for something more. */
async function changedPrompts(rig: RunRig): Promise<string> {
  const directory = join(rig.dir, 'prompts');
  await millrace(['prompts', directory], { cwd: rig.dir });
  await appendFile(join(directory, 'generation.system.md'), '\nWrite in verse.\n');
  return directory;
}

const startedOf = async (rig: RunRig) => {
  const { started, bySchema } = await rig.server.quietStats();
  const of = (schema: string) => bySchema[schema]?.started ?? 0;
  return { started, research: of('research'), candidate: of('candidate'), review: of('review') };
};

describe('a changed prompt', () => {
  it('keeps the old results and says how many, and --redo makes them anew beside them', async () => {
    const rig = await RunRig.open({ questions: QUESTIONS, flags: ['--format', 'record'] });
    expect((await rig.run()).code).toBe(0);
    const prompts = ['--prompts', await changedPrompts(rig)];

    const kept = await rig.run(...prompts);
    expect(kept.code).toBe(0);
    expect(kept.stderr).toContain(`${QUESTIONS} results of generation`);
    expect(kept.stderr).toContain('--redo generation');
    expect(await startedOf(rig)).toMatchObject({ started: 3 * QUESTIONS });
    const old = await rig.dataset();

    const redone = await rig.run(...prompts, '--redo', 'generation');
    expect(redone.code, redone.stderr).toBe(0);
    expect(redone.stderr).toMatch(/Lane redo-generation-\w+: results stand beside those of main/);
    expect(redone.stdout).toMatch(/export --format record --lane redo-generation-\w+ /);
    const paid = { research: QUESTIONS, candidate: 2 * QUESTIONS, review: 2 * QUESTIONS };
    expect(await startedOf(rig)).toMatchObject(paid);
    const fresh = await rig.dataset();
    expect(fresh).toHaveLength(QUESTIONS);
    expect(fresh).not.toEqual(old);

    const again = await rig.run(...prompts, '--redo', 'generation');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Nothing was called here')]);
    expect(await startedOf(rig)).toMatchObject(paid);

    const main = join(rig.dir, 'main.jsonl');
    await rig.command('export', '--format', 'record', '--out', main);
    const inMain = (await readFile(main, 'utf8')).trimEnd().split('\n');
    expect(inMain.map(candidateIn).toSorted()).toEqual(old.map(candidateIn).toSorted());
    expect(await violations(rig.data, { calls: await rig.server.quietStats() })).toEqual([]);
  });

  it('cannot be redone where nothing was done, and says so', async () => {
    const rig = await RunRig.open({ questions: 1 });
    const run = await rig.run('--redo', 'research');
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('without --redo first')]);
  });
});

function candidateIn(line: string): string {
  return JSON.stringify(z.object({ candidate: z.unknown() }).parse(JSON.parse(line)).candidate);
}
