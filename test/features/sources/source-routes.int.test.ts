import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { storedGauges } from '../../../src/features/serve/stored-gauges.ts';
import { addSource } from '../../../src/features/sources/add-source.ts';
import { sourceRoutes } from '../../../src/features/sources/http/source-routes.ts';
import { finderOf, openIndexOf, talliesIn } from '../../../src/infra/documents/index/of-settings.ts';
import { TimedFinder } from '../../../src/infra/documents/index/timed-finder.ts';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { Metrics } from '../../../src/infra/metrics/metrics.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { served } from '../../support/http/served.ts';
import { tempDir } from '../../support/temp-dir.ts';

it('sources are listed and searched over HTTP and counted in the metrics, and where their folders are is not told', async () => {
  const place = { data: await tempDir(), namespace: 'millrace' };
  const engine = await openEmbedded({ ...place, mode: 'append' });
  const finder = await finderOf(place);
  onTestFinished(async () => {
    await finder.close();
    await engine.close();
  });
  const timed = new TimedFinder(finder);
  const metrics = new Metrics();
  timed.onSearched = (seconds) => metrics.searched(seconds);
  for (const source of storedGauges(engine, { namespace: 'millrace', lane: MAIN_LANE, place }))
    metrics.readFrom(source);
  const routes = sourceRoutes({ tallies: () => talliesIn(place), finder: timed });
  const { address } = await served({ engine, routes });
  const asked = async (path: string) => {
    const response = await fetch(`${address}/v1/sources${path}`);
    return [response.status, await response.json()];
  };
  expect(await asked('')).toEqual([200, { sources: [] }]);
  expect(await asked('/search?q=oil')).toEqual([200, { pieces: [] }]);

  const root = join(place.data, 'manuals');
  await mkdir(root);
  await writeFile(join(root, 'oil.md'), 'The oil pressure at idle is 1.8 bar.');
  const index = await openIndexOf(place);
  await addSource(index, root, { license: 'cc0-1.0' });
  await index.close();
  const [status, body] = await asked('');
  expect([status, body]).toEqual([
    200,
    {
      sources: [
        {
          ...{ name: 'manuals', license: 'cc0-1.0', documents: 1, refused: 0, chunks: 1 },
          addedAt: expect.any(String),
        },
      ],
    },
  ]);
  expect(JSON.stringify(body)).not.toContain(place.data);
  expect(await asked('/search?q=oil&source=manuals')).toMatchObject([
    200,
    { pieces: [{ source: 'documents:manuals/oil.md', place: 'oil.md, line 1', license: 'cc0-1.0' }] },
  ]);
  expect(await asked('/search?q=oil&source=other')).toEqual([200, { pieces: [] }]);
  expect(await asked('/search?q=')).toMatchObject([400, {}]);
  const text = await metrics.text();
  expect(text).toMatch(/^millrace_search_duration_seconds_count 3$/m);
  expect(text).toMatch(/^millrace_chunks 1$/m);
});
