import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  assertNamesModel,
  standsOfSimulated,
  takesInForSimulated,
} from '../../../../src/features/run/session/open-data.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { tempDir } from '../../../support/temp-dir.ts';

async function dataWith(...files: readonly string[]) {
  const data = await tempDir();
  for (const file of files) await writeFile(join(data, file), '');
  return (more: object = {}) => assertNamesModel(settingsSchema.parse({ data, ...more }));
}

describe('sending again what has failed, where a real model was asked and none is named now', () => {
  it('is refused with what to do: the simulated model knows nothing of it', async () => {
    const check = await dataWith('millrace.db');
    expect(check).toThrow(
      /was asked of a real model, and none is named now: set OPENAI_API_KEY, or --base-url/,
    );
  });

  it('goes on where one is named, the simulated one is asked for, or its data stands too', async () => {
    const check = await dataWith('millrace.db');
    expect(() => check({ baseUrl: 'http://localhost:11434/v1' })).not.toThrow();
    expect(() => check({ simulate: 'latency=0' })).not.toThrow();
    expect(await dataWith('millrace.db', 'millrace-simulated.db')).not.toThrow();
    expect(await dataWith()).not.toThrow();
  });
});

describe('what a person is shown who names no model, as on the page', () => {
  it('is what a real model has made, as long as the simulated one has made nothing', async () => {
    const shown = async (files: readonly string[], more: object = {}) => {
      const data = await tempDir();
      for (const file of files) await writeFile(join(data, file), '');
      return standsOfSimulated(settingsSchema.parse({ data, ...more }));
    };
    expect(await shown(['millrace.db'])).toBe(false);
    expect(await shown(['millrace.db', 'millrace-simulated.db'])).toBe(true);
    expect(await shown([])).toBe(true);
    expect(await shown(['millrace.db'], { simulate: 'latency=0' })).toBe(true);
    expect(await shown(['millrace-simulated.db'], { baseUrl: 'http://localhost:1/v1' })).toBe(true);
  });
});

describe('where questions go that a page takes in', () => {
  it('is the data of the model that is named, though only the simulated one has made anything', async () => {
    const taken = async (files: readonly string[], more: object = {}) => {
      const data = await tempDir();
      for (const file of files) await writeFile(join(data, file), '');
      return takesInForSimulated(settingsSchema.parse({ data, ...more }));
    };
    const named = { baseUrl: 'http://localhost:1/v1' };
    expect(await taken(['millrace-simulated.db'], named)).toBe(false);
    expect(await taken(['millrace-simulated.db'], { ...named, simulate: 'latency=0' })).toBe(true);
    expect(await taken(['millrace-simulated.db'])).toBe(true);
    expect(await taken(['millrace.db'])).toBe(false);
    expect(await taken([])).toBe(true);
  });
});
