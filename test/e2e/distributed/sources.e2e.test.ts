import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startNode } from '../../support/process/child.ts';
import { ended, MAIN } from '../../support/process/millrace.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const WITHIN_MS = 120_000;

await describeOnServers('documents on MongoDB', ({ kafka, mongo }) => {
  it(
    'ground the answers of a worker that has neither the folder nor the index of whoever added it',
    async () => {
      const dir = await tempDir();
      const env = {
        ...{ MILLRACE_KAFKA: kafka, MILLRACE_MONGO: mongo, MILLRACE_NAMESPACE: `e2e-${randomUUID()}` },
        ...{ MILLRACE_PARTITIONS: '1', MILLRACE_SIMULATE: 'latency=0,reject=0%' },
        MILLRACE_RESEARCH: 'sources',
      };
      const start = (data: string, ...args: string[]) =>
        startNode([MAIN, ...args, '--data', join(dir, data)], { cwd: dir, env });
      const done = async (...args: string[]) => {
        const { code, stdout, stderr } = await ended(start('here', ...args));
        expect(code, `${args.join(' ')}: ${stderr}`).toBe(0);
        return stdout;
      };
      await mkdir(join(dir, 'manuals'));
      await writeFile(
        join(dir, 'manuals/oil.md'),
        'Below an oil pressure of 1.2 bar the Corvid engine must be stopped at once.',
      );
      await writeFile(
        join(dir, 'questions.txt'),
        'At which oil pressure must the Corvid engine be stopped?\n',
      );
      await done('sources', 'add', 'manuals');
      await rm(join(dir, 'manuals'), { recursive: true });
      await rm(join(dir, 'here'), { recursive: true, force: true });
      const worker = start('there', 'worker');
      await until('the worker is at work', () => worker.stderr().includes('At work'), WITHIN_MS);
      await done('run', 'questions.txt', '--format', 'record', '--out', 'out.jsonl');
      worker.kill('SIGTERM');
      await worker.exited;
      expect(JSON.parse(await readFile(join(dir, 'out.jsonl'), 'utf8'))).toMatchObject({
        research: { coverage: 'full', evidence: [{ source: 'documents:manuals/oil.md' }] },
      });
    },
    WITHIN_MS,
  );
});
