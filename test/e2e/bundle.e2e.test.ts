import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, MAIN } from '../support/process/millrace.ts';
import { RunRig } from '../support/process/run-rig.ts';
import { questionText } from '../support/run/question-files.ts';

const KEY = 'sk-planted-in-the-environment-0001';
const SECRETS = [
  KEY,
  'planted-password-0002',
  'planted-extra-0003',
  'planted-token-0004',
  'planted-query-0005',
];
const VENDOR = 'gsk_planted0006abcdefghij';

/** Secrets wherever a person may have put one. */
async function plant(rig: RunRig): Promise<void> {
  const config = {
    extraBody: { anything: 'planted-extra-0003' },
    agents: { review: { baseUrl: `http://u:planted-password-0002@127.0.0.1:9/v1?k=planted-query-0005` } },
    httpToken: undefined,
  };
  await writeFile(join(rig.dir, 'millrace.config.json'), JSON.stringify(config));
  const lines = [
    { level: 50, msg: `refused ${KEY}` },
    { level: 50, msg: `Authorization: Bearer planted-token-0004` },
    { level: 50, msg: `strange ${VENDOR}` },
    { level: 40, questionId: 'q', kind: 'content', msg: `said ${questionText(0)}` },
    { level: 50, stage: 'research', msg: `dead letter: not JSON: ${questionText(1)}` },
  ];
  await writeFile(join(rig.data, 'millrace.log'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
    flag: 'a',
  });
}

describe('the support bundle', () => {
  it('holds findings, settings, versions, counts and log lines, and no secret and no question', async () => {
    const rig = await RunRig.open({
      questions: 3,
      env: { OPENAI_API_KEY: KEY, MY_TOKEN: 'planted-token-0004' },
    });
    expect((await rig.run()).code).toBe(0);
    await plant(rig);
    const where = ['--data', rig.data, '--base-url', rig.server.url];
    const archive = join(rig.dir, 'support.tar.gz');
    const run = await ended(
      rig.startNode(MAIN, 'doctor', ...where, '--config', 'millrace.config.json', '--bundle', archive),
    );
    expect(run.stderr).toContain('checks.json, settings.json, versions.json, counts.json, log.jsonl');
    expect((await stat(archive)).mode & 0o777).toBe(0o600);
    const out = join(rig.dir, 'unpacked');
    await mkdir(out);
    execFileSync('tar', ['-xzf', archive, '-C', out]);
    const names = (await readdir(out)).sort();
    expect(names).toEqual(['checks.json', 'counts.json', 'log.jsonl', 'settings.json', 'versions.json']);
    const texts = await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')));
    const all = [...texts, run.stdout, run.stderr].join('\n');
    for (const secret of [...SECRETS, VENDOR, questionText(0), questionText(1), questionText(2)])
      expect(all).not.toContain(secret);
    expect(JSON.parse(texts[1] ?? '')).toMatchObject({ questions: { approved: 3 } });
    expect(texts[2]).toContain('"questionId":"q"');
    expect(texts[2]).toContain('refused [redacted]');
    expect(JSON.parse(texts[3] ?? '')).toMatchObject({
      extraBody: '[redacted]',
      apiKeyVariable: 'OPENAI_API_KEY',
    });
  });

  it('is written into a directory as well, for its owner only', async () => {
    const rig = await RunRig.open({ questions: 1 });
    const run = await ended(
      rig.startNode(
        MAIN,
        'doctor',
        '--dry-run',
        '--data',
        rig.data,
        '--bundle',
        join(rig.dir, 'support'),
        '--json',
      ),
    );
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout).findings.length).toBeGreaterThan(2);
    expect((await stat(join(rig.dir, 'support'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(rig.dir, 'support', 'settings.json'))).mode & 0o777).toBe(0o600);
  });
});
