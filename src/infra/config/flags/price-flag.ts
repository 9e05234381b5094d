import { Option } from 'commander';
import { agentStages } from '../../../stages/stage-names.ts';
import { Failure } from '../../../streams/failure.ts';
import type { ModelPrice } from '../../models/prices.ts';
import { modelSettingsOf } from '../model/model-settings.ts';
import type { Settings } from '../settings.ts';

/** `--price`. */
export function priceFlag(): Option {
  return new Option(
    '--price <list>',
    'what the model costs, in US dollars per million tokens: in=3,out=15 (also cached=, write=, reasoning=); of one of several models: NAME:in=3,out=15; may be repeated',
  ).argParser(collected);
}

const PARTS: Readonly<Record<string, keyof ModelPrice>> = {
  in: 'input',
  out: 'output',
  cached: 'cachedInput',
  write: 'cacheWrite',
  reasoning: 'reasoning',
};

type Flag = Readonly<{ model: string | undefined; price: ModelPrice }>;

/** For commander: a flag that may be repeated. */
export function collected(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/**
 * The settings with the prices of `--price` in them: a price without a name is that of every model these settings ask.
 * Throws a Failure (`bad_setting`) that says what was expected.
 */
export function withPrices(settings: Settings, flags: readonly string[]): Settings {
  if (flags.length === 0) return settings;
  const judges = Object.values(settings.shadows).map(({ model }) => model ?? settings.model);
  const asked = [...agentStages().map((stage) => modelSettingsOf(settings, stage).model), ...judges];
  const given = flags.map(priceIn);
  const prices = [...given]
    .sort((one, other) => Number(one.model !== undefined) - Number(other.model !== undefined))
    .flatMap(({ model, price }) =>
      (model === undefined ? asked : [model]).map((name) => [name, price] as const),
    );
  return { ...settings, prices: { ...settings.prices, ...Object.fromEntries(prices) } };
}

function priceIn(text: string): Flag {
  // A model's name may hold a colon, as in qwen3:8b; a price holds none.
  const [, model, list = ''] = /^(?:(.+):)?([^:]+)$/.exec(text) ?? [];
  const price: Partial<Record<keyof ModelPrice, number>> = {};
  for (const part of list.split(',')) {
    const [name = '', usd = ''] = part.split('=').map((half) => half.trim());
    const field = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (field === undefined || !/^\d+(\.\d+)?$/.test(usd)) throw bad(text);
    price[field] = Number(usd);
  }
  const { input, output } = price;
  if (input === undefined || output === undefined) throw bad(text);
  return { model, price: { ...price, input, output } };
}

function bad(text: string): Failure {
  const message = `Bad value for --price: expected in=USD,out=USD per million tokens, as in in=3,out=15 or my-model:in=3,out=15; got ${text}.`;
  return new Failure('fatal', 'bad_setting', message);
}
