import { describe, expect, it } from 'vitest';
import { parsePrices } from '../../../src/infra/config/files/price-file.ts';
import { rowsOn } from '../../../src/infra/models/price-rows.ts';
import rows from '../../../src/infra/models/prices.json' with { type: 'json' };

describe('the built-in prices', () => {
  it('name the page and the day of each price, so that nobody has to believe them', () => {
    expect(parsePrices(JSON.stringify(rows), 'prices.json', '2026-11-30').length).toBeGreaterThan(70);
    for (const row of rows) expect(row.source).toMatch(/^https:\/\//);
  });

  it('have one price a model on any day', () => {
    for (const day of ['2026-11-30', '2026-12-31', '2027-01-01', '2030-06-01']) {
      const models = rowsOn(day).map(({ model }) => model);
      expect(models).toEqual([...new Set(models)]);
    }
  });

  it('end on the day that the page names', () => {
    const inputOn = (day: string) => rowsOn(day).find(({ model }) => model === 'gemini-3.8-flash')?.input;
    expect([inputOn('2026-12-31'), inputOn('2027-01-01')]).toEqual([0.75, 1.5]);
  });
});
