import { randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { vectorsIn } from '../../../src/infra/documents/index/of-settings.ts';
import { startScriptedLlmServer } from '../../support/llm/scripted-llm-server.ts';
import { startNode } from '../../support/process/child.ts';
import { ended, MAIN, programOf, startMillrace } from '../../support/process/millrace.ts';
import { describeOnMongo } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const POINT = programOf('vector-point');
const CHUNKS = 900;
const BATCH = 64;
const AT_ONCE = 4;
/** After how many replies with vectors each process is killed. */
const KILLED_AFTER = [1, 3];

/** A server that embeds, so many chunks to be embedded, and the settings that ask for it. */
async function opened(chunks: number, more: object = {}) {
  const server = await startScriptedLlmServer();
  onTestFinished(() => server.close());
  const data = await tempDir();
  const root = join(data, 'manuals');
  await mkdir(root);
  const rows = Array.from({ length: chunks }, (_, n) => JSON.stringify({ text: `Row number ${n}.` }));
  await writeFile(join(root, 'rows.jsonl'), rows.join('\n'));
  const config = join(data, 'settings.json');
  const embeddings = { model: 'e', baseUrl: server.url, price: 1 };
  await writeFile(config, JSON.stringify({ data, embeddings, ...more }));
  return { server, data, root, config };
}

describe('sources add, killed while it makes vectors', () => {
  it('goes on where it was: no vector that was kept is made again, and all of them are there in the end', async () => {
    const { server, data, root, config } = await opened(CHUNKS);
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

await describeOnMongo('sources add with --mongo, killed as vectors come', (mongo) => {
  it('leaves them in a file for the next command: none that came is made again', async () => {
    const namespace = `e2e-${randomUUID()}`;
    const { server, data, root, config } = await opened(2 * BATCH, { mongo, namespace });
    const start = (script: string, ...args: readonly string[]) =>
      ended(startNode([script, 'sources', ...args, '--config', config], { cwd: data }));
    const killed = await start(POINT, 'add', root);
    expect(killed.signal, killed.stderr).toBe('SIGKILL');
    const place = { data, namespace, mongo };
    expect(await vectorsIn(place)).toMatchObject({ chunks: 2 * BATCH, lacking: BATCH });
    const last = await start(MAIN, 'refresh');
    expect(last.code, last.stderr).toBe(0);
    expect(await vectorsIn(place)).toMatchObject({ lacking: 0, answering: { ready: true } });
    expect(server.embedded.map(({ input }) => input.length)).toEqual([BATCH, BATCH]);
    expect((await readdir(data)).filter((name) => name.endsWith('.arrived'))).toEqual([]);
  });
});
