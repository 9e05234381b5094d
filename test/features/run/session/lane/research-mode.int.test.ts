import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { researchMode } from '../../../../../src/features/run/session/lane/research-mode.ts';
import { addSource } from '../../../../../src/features/sources/add-source.ts';
import { parseSettings } from '../../../../../src/infra/config/load-settings.ts';
import { recipesOf } from '../../../../../src/infra/config/recipes.ts';
import { indexPath } from '../../../../../src/infra/documents/index/index-place.ts';
import { SourceIndex } from '../../../../../src/infra/documents/index/source-index.ts';
import { MAIN_LANE } from '../../../../../src/stages/lanes/lane.ts';
import { tempDir } from '../../../../support/temp-dir.ts';

it('a lane that was begun from memory goes on so where documents are indexed, and says how they are used', async () => {
  const data = await tempDir();
  await mkdir(join(data, 'manuals'));
  await writeFile(join(data, 'manuals/oil.md'), 'Below 1.2 bar the engine must be stopped at once.');
  const index = new SourceIndex(indexPath({ data, namespace: 'millrace' }), data);
  await addSource(index, join(data, 'manuals'));
  index.close();
  const told: string[] = [];
  const recipes = await recipesOf(parseSettings({}), { mode: 'memory', userTurn: 'verbatim' });
  const given = {
    lane: {
      name: MAIN_LANE,
      parent: undefined,
      recipes,
      simulated: true,
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    alone: false,
    onNotice: (text: string) => told.push(text),
  };
  expect(await researchMode(parseSettings({ data }), given)).toBe('memory');
  expect(told).toEqual([expect.stringContaining('--research sources')]);
  expect(await researchMode(parseSettings({ data, research: 'sources' }), given)).toBe('sources');
  expect(await researchMode(parseSettings({ data, research: 'memory' }), given)).toBe('memory');
  expect(told).toHaveLength(1);
});

it('research that a flag of an earlier run chose sticks, and a run without the flag says so', async () => {
  const data = await tempDir();
  const told: string[] = [];
  const recipesBy = (mode: 'none' | 'memory') => recipesOf(parseSettings({}), { mode, userTurn: 'verbatim' });
  const given = async (mode: 'none' | 'memory') => ({
    lane: {
      name: MAIN_LANE,
      parent: undefined,
      recipes: await recipesBy(mode),
      simulated: true,
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    alone: false,
    onNotice: (text: string) => told.push(text),
  });
  expect(await researchMode(parseSettings({ data }), await given('none'))).toBe('none');
  expect(told).toEqual(['Research: none, as the run before. For research as in new data: --research memory']);
  expect(await researchMode(parseSettings({ data, research: 'none' }), await given('none'))).toBe('none');
  expect(await researchMode(parseSettings({ data }), await given('memory'))).toBe('memory');
  expect(told).toHaveLength(1);
});

it('new data looks things up where tools are named, and rests on sources where some are named; a worker without a stage waits for none', async () => {
  const data = await tempDir();
  const given = { lane: undefined, alone: false, onNotice: () => undefined };
  const lookUpTools = { web: { provider: 'searxng', baseUrl: 'http://127.0.0.1:9' } };
  expect(await researchMode(parseSettings({ data, lookUpTools }), given)).toBe('tools');
  expect(await researchMode(parseSettings({ data, researchSource: 'context' }), given)).toBe('sources');
  expect(await researchMode(parseSettings({ data }), given)).toBe('memory');
  for (const research of ['sources', 'tools']) {
    const settings = parseSettings({ data, research });
    await expect(researchMode(settings, given)).rejects.toMatchObject({
      ...{ kind: 'fatal', code: 'bad_setting' },
      message: expect.stringMatching(/Add (?:some|documents): millrace sources add DIR\./),
    });
    expect(await researchMode(settings, { ...given, alone: true })).toBe(research);
  }
});
