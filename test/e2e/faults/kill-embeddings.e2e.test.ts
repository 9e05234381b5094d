import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { vectorsIn } from '../../../src/infra/documents/index/of-settings.ts';
import { startScriptedLlmServer } from '../../support/llm/scripted-llm-server.ts';
import { ended, startMillrace } from '../../support/process/millrace.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const CHUNKS = 900;
const BATCH = 64;
const AT_ONCE = 4;
/** After how many replies with vectors each process is killed. */
const KILLED_AFTER = [1, 3];

describe('sources add, killed while it makes vectors', () => {
  it('goes on where it was: no vector that was kept is made again, and all of them are there in the end', async () => {
    const server = await startScriptedLlmServer();
    onTestFinished(() => server.close());
    const data = await tempDir();
    const root = join(data, 'manuals');
    await mkdir(root);
    const rows = Array.from({ length: CHUNKS }, (_, n) => JSON.stringify({ text: `Row number ${n}.` }));
    await writeFile(join(root, 'rows.jsonl'), rows.join('\n'));
    const config = join(data, 'settings.json');
    const embeddings = { model: 'e', baseUrl: server.url, price: 1 };
    await writeFile(config, JSON.stringify({ data, embeddings }));
    const place = { data, namespace: 'millrace' };
    const start = (...args: readonly string[]) => startMillrace(['sources', ...args, '--config', config]);

    let made = 0;
    for (const replies of KILLED_AFTER) {
      const before = server.embedded.length;
      const child = start('add', root);
      await until(`${replies} requests for vectors`, () => server.embedded.length >= before + replies);
      child.kill('SIGKILL');
      await child.exited;
      made = CHUNKS - (await vectorsIn(place)).lacking;
    }
    expect(made).toBeLessThan(CHUNKS);
    const before = server.embedded.length;
    const last = await ended(start('refresh', '--json'));
    expect(last.code, last.stderr).toBe(0);
    expect(last.stderr).toContain(`Vectors for ${CHUNKS - made} chunks by e at ${server.url}: about`);
    const asked = server.embedded.slice(before).reduce((sum, { input }) => sum + input.length, 0);
    expect(asked).toBe(CHUNKS - made);
    const all = server.embedded.reduce((sum, { input }) => sum + input.length, 0);
    expect(all - CHUNKS).toBeLessThanOrEqual(KILLED_AFTER.length * AT_ONCE * BATCH);
    expect(await vectorsIn(place)).toMatchObject({ chunks: CHUNKS, lacking: 0, answering: { ready: true } });
    const requests = server.embedded.length;
    expect(await ended(start('refresh'))).toMatchObject({ code: 0 });
    expect(server.embedded).toHaveLength(requests);
  });
});
