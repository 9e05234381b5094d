import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrices, readPriceFile, savePrices } from '../../../../src/infra/config/files/price-file.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const ROW = { model: 'm', input: 1, output: 2, source: 'https://example.org/prices', read: '2026-11-30' };
const DAY = '2026-12-01';

describe('a list of prices', () => {
  it('is read as rows', () => {
    expect(parsePrices(JSON.stringify([ROW]), 'mine.json', DAY)).toEqual([{ ...ROW, vendor: '' }]);
  });

  it('is read as LiteLLM writes it, in dollars per token, models of chat and of embeddings alone', () => {
    const list = {
      sample_spec: { mode: 'one of: chat, embedding', input_cost_per_token: 0, output_cost_per_token: 0 },
      'vendor/m': { mode: 'chat', input_cost_per_token: 1.5e-7, output_cost_per_token: 6e-7 },
      embed: { mode: 'embedding', input_cost_per_token: 1e-7, output_cost_per_token: 0 },
      'embed without an output': { mode: 'embedding', input_cost_per_token: 2e-8 },
      draw: { mode: 'image_generation', input_cost_per_token: 1e-7, output_cost_per_token: 0 },
      unpriced: { mode: 'chat' },
    };
    const [row, ...others] = parsePrices(JSON.stringify(list), 'list.json', DAY);
    expect(row).toMatchObject({
      model: 'vendor/m',
      input: 0.15,
      output: 0.6,
      source: 'list.json',
      read: DAY,
    });
    expect(others.map(({ model, input, output }) => [model, input, output])).toEqual([
      ['embed', 0.1, 0],
      ['embed without an output', 0.02, 0],
    ]);
  });

  it.each([
    ['a row without a source', JSON.stringify([{ ...ROW, source: undefined }])],
    ['a negative price', JSON.stringify([{ ...ROW, input: -1 }])],
    ['a row with a misspelt part', JSON.stringify([{ ...ROW, imput: 1 }])],
    ['an object of no models', '{}'],
    ['a number', '3'],
    ['no JSON', 'price: 3'],
  ])('is refused with what was expected: %s', (_what, text) => {
    expect(() => parsePrices(text, 'mine.json', DAY)).toThrow(
      /^Cannot read prices from mine\.json: .* Expected /,
    );
  });

  it('is parsed or refused, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        try {
          for (const { input, output } of parsePrices(text, 'any', DAY))
            expect(input + output).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_prices' });
        }
      }),
    );
  });

  it('is kept, newer prices of a model in place of its older ones', async () => {
    const dir = await tempDir();
    const path = join(dir, 'millrace', 'prices.json');
    expect(readPriceFile(path)).toEqual([]);
    const rows = parsePrices(JSON.stringify([ROW, { ...ROW, model: 'other' }]), 'mine.json', DAY);
    expect(await savePrices(rows, path)).toBe(2);
    expect(await savePrices([{ ...ROW, vendor: '', input: 9 }], path)).toBe(2);
    expect(readPriceFile(path).map(({ model, input }) => [model, input])).toEqual([
      ['m', 9],
      ['other', 1],
    ]);
  });
});
