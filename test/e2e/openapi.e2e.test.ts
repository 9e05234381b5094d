import { expect, it } from 'vitest';
import { z } from 'zod';
import { millrace, startMillrace } from '../support/millrace.ts';
import { writeQuestions } from '../support/question-files.ts';
import { describeWithSchemathesis } from '../support/schemathesis/schemathesis.ts';
import { tempDir } from '../support/temp-dir.ts';
import { until } from '../support/until.ts';

const TOKEN = 'f'.repeat(40);
const lettersSchema = z.object({ letters: z.array(z.unknown()) });

/** `millrace serve` with a token, over a small simulated namespace in which some died and some were rejected. */
async function serving() {
  const data = await tempDir();
  const simulated = ['--simulate', 'latency=1ms,refused=45%,reject=40%'];
  const questions = await writeQuestions(data, 40);
  const run = await millrace(['run', questions, ...simulated, '--data', data, '--quiet'], {
    cwd: data,
    env: { MILLRACE_MAX_CONTENT_ATTEMPTS: '1' },
  });
  expect(run.stdout + run.stderr).toContain('40 questions');
  const env = { MILLRACE_HTTP_TOKEN: TOKEN };
  const child = startMillrace(['serve', '--port', '0', '--data', data], { cwd: data, env });
  const address = await until(
    'it listens',
    () => /Listening on (http:\/\/[^\s;]+?)[:;]? /.exec(child.stderr())?.[1],
  );
  const reply = await fetch(`${address}/v1/dead-letters`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return { child, address, letters: lettersSchema.parse(await reply.json()).letters.length };
}

await describeWithSchemathesis('the API and its OpenAPI document', (schemathesis) => {
  it('agree, whatever is asked: statuses, media types, schemas, headers, methods, the token', async () => {
    const { child, address, letters } = await serving();
    expect(letters).not.toBe(0);
    const said = await schemathesis.run(`${address}/v1/openapi.json`, {
      API_TOKEN: TOKEN,
    });
    expect(said).toMatch(/(\d+) generated, \1 passed/);
    child.kill('SIGTERM');
    expect((await child.exited).code).toBe(0);
  });
});
