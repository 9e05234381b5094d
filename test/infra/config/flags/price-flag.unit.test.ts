import { describe, expect, it } from 'vitest';
import { withPrices } from '../../../../src/infra/config/flags/price-flag.ts';
import { parseSettings } from '../../../../src/infra/config/load-settings.ts';

const settings = parseSettings({
  baseUrl: 'http://127.0.0.1:1/v1',
  model: 'mine',
  agents: { review: { model: 'qwen3:8b' } },
  shadows: { strict: { model: 'judge' } },
});

describe('--price', () => {
  it('is what every model of the command costs, judges included', () => {
    const price = { input: 3, output: 15 };
    expect(withPrices(settings, ['in=3,out=15']).prices).toEqual({
      mine: price,
      'qwen3:8b': price,
      judge: price,
    });
  });

  it('of a named model goes before the one for all, in any order, a colon in the name or not', () => {
    const { prices } = withPrices(settings, ['qwen3:8b:in=0,out=0', 'in=3,out=15,cached=0.3']);
    expect(prices['qwen3:8b']).toEqual({ input: 0, output: 0 });
    expect(prices['mine']).toEqual({ input: 3, output: 15, cachedInput: 0.3 });
  });

  it.each(['3', 'in=3', 'in=3,out=-1', 'in=3,out=15,reas=2', 'in=3;out=15', '', 'in=1e3,out=2', 'm:'])(
    'refuses %j and says what was expected',
    (text) => {
      expect(() => withPrices(settings, [text])).toThrow(/^Bad value for --price: expected in=USD,out=USD/);
    },
  );
});
