import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { questionsIn } from '../../support/http/served.ts';
import { ended, millrace, startMillrace } from '../../support/process/millrace.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const env = { MILLRACE_BASE_URL: 'http://127.0.0.1:9/v1' };

/** The questions that are put in so far. */
async function putIn(data: string): Promise<string[]> {
  const engine = await openEmbedded({ data, namespace: 'millrace', mode: 'append' });
  try {
    return (await questionsIn(engine.log, 'millrace')).map(({ question }) => question.text);
  } finally {
    await engine.close();
  }
}

describe('millrace ingest', () => {
  it('puts a file in, keeps its bad lines, and sums up', async () => {
    const cwd = await tempDir();
    await writeFile(join(cwd, 'questions.jsonl'), '{"question":"Why?"}\nno json\n{"question":"How?"}\n');
    const args = ['ingest', 'questions.jsonl', '--data', 'data'];
    const { code, stdout, stderr } = await millrace(args, { cwd, env });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^2 questions accepted as run-\S+\.\n1 bad line kept in /),
    ]);
    expect(stderr).toContain('questions.jsonl:2: expected JSON');
    expect(await readFile(join(cwd, 'dataset.jsonl.rejects.jsonl'), 'utf8')).toContain('no json');
    const again = await millrace([...args, '--json'], { cwd, env });
    expect(JSON.parse(again.stdout)).toMatchObject({
      namespace: 'millrace',
      simulated: false,
      accepted: 2,
      rejects: { count: 1 },
    });
    const simulated = await millrace([...args, '--dry-run'], { cwd });
    expect(simulated.stderr).toContain('SIMULATED');
  });

  it('follows a file through its rotation until it is stopped, and a further start costs nothing', async () => {
    const cwd = await tempDir();
    const [path, data] = [join(cwd, 'questions.txt'), join(cwd, 'data')];
    await writeFile(path, 'first?\n');
    const start = () => startMillrace(['ingest', path, '--follow', '--data', data], { cwd, env });
    const child = start();
    const arrive = (...texts: readonly string[]) =>
      until(
        `${texts.join(', ')} are there`,
        async () => {
          const found = await putIn(data).catch((): string[] => []);
          return texts.every((text) => found.includes(text));
        },
        90_000,
      );
    await arrive('first?');
    await appendFile(path, 'second?\n');
    await arrive('second?');
    await rename(path, `${path}.1`);
    await writeFile(path, 'third?\nhalf a line');
    await arrive('third?');
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await ended(child);
    expect([code, stdout]).toEqual([0, expect.stringContaining('3 questions accepted')]);
    expect(stderr).toContain('was replaced');
    expect(await putIn(data)).toEqual(['first?', 'second?', 'third?']);

    const again = start();
    await until('the file comes again', async () => (await putIn(data)).length === 4);
    again.kill('SIGTERM');
    expect((await ended(again)).code).toBe(0);
    expect(await putIn(data)).toEqual(['first?', 'second?', 'third?', 'third?']);
  });

  it('says what can be followed', async () => {
    const cwd = await tempDir();
    const { code, stderr } = await millrace(['ingest', 'questions.csv', '--follow', '--data', 'data'], {
      cwd,
      env,
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected a file of lines')]);
  });
});
