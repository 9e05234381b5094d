import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { type PriceRow, rowsOn } from '../../models/price-rows.ts';
import { userFile } from './user-file.ts';

const PER_MILLION = 1_000_000;
const MOST_ROWS = 20_000;
const MOST_BYTES = 16 * 1_024 * 1_024;

const usd = z.number().nonnegative().max(1_000_000);
const day = z.iso.date();
const row = z.strictObject({
  model: z.string().min(1).max(200),
  vendor: z.string().max(200).default(''),
  input: usd,
  cachedInput: usd.optional(),
  cacheWrite: usd.optional(),
  output: usd,
  source: z.string().min(1).max(1_000),
  read: day,
  from: day.optional(),
  until: day.optional(),
});
const ownRows = z.array(row).max(MOST_ROWS);

/** What Millrace asks models for. */
const MODES: readonly string[] = ['chat', 'embedding'];

/** The price list of LiteLLM (`model_prices_and_context_window.json`): US dollars per token by model. */
const perToken = z.record(
  z.string(),
  z.looseObject({
    mode: z.string().optional(),
    litellm_provider: z.string().optional(),
    source: z.string().optional(),
    input_cost_per_token: z.number().nonnegative().nullish(),
    output_cost_per_token: z.number().nonnegative().nullish(),
    cache_read_input_token_cost: z.number().nonnegative().nullish(),
    cache_creation_input_token_cost: z.number().nonnegative().nullish(),
  }),
);

/** The user's own list, which `millrace prices update` writes: `$XDG_CONFIG_HOME/millrace/prices.json`. */
export function priceFilePath(): string {
  return userFile('prices.json');
}

/** The rows of the user's own list; none where there is no list. Throws a Failure (`bad_prices`) where it cannot be read. */
export function readPriceFile(path = priceFilePath()): readonly PriceRow[] {
  return existsSync(path) ? parsePrices(readFileSync(path, 'utf8'), path) : [];
}

/** Puts rows before the user's earlier ones of the same models, and returns how many there are now. */
export async function savePrices(rows: readonly PriceRow[], path = priceFilePath()): Promise<number> {
  const models = new Set(rows.map(({ model }) => model));
  const all = [...rows, ...readPriceFile(path).filter(({ model }) => !models.has(model))];
  await replaceFile(path, (append) =>
    append(`[\n${all.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`),
  );
  return all.length;
}

/**
 * Reads a list of prices: rows as in `prices.json`, or LiteLLM's list, of which rows without a price are left out, and
 * models that neither chat nor embed. Throws a Failure (`bad_prices`) that says what was expected.
 * @param where what the text is called, for people.
 * @param today `YYYY-MM-DD`, the day on which a list without dates was read.
 */
export function parsePrices(
  text: string,
  where: string,
  today = new Date().toISOString().slice(0, 10),
): readonly PriceRow[] {
  if (Buffer.byteLength(text) > MOST_BYTES) throw bad(where, 'it is larger than 16 MiB');
  const value = jsonIn(text, where);
  if (!Array.isArray(value)) return fromPerToken(value, where, today);
  const rows = ownRows.safeParse(value);
  if (rows.success) return rowsOn(today, rows.data);
  const [issue] = rows.error.issues;
  throw bad(where, `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'no rows'}`);
}

function fromPerToken(value: unknown, where: string, today: string): readonly PriceRow[] {
  const list = perToken.safeParse(value);
  if (!list.success) throw bad(where, 'it is neither a list of rows nor an object of models');
  const rows = Object.entries(list.data).flatMap(([model, entry]): PriceRow[] => {
    const { mode = 'chat', input_cost_per_token: input } = entry;
    // A model for embeddings writes nothing, and many a row of one says nothing about that.
    const output = entry.output_cost_per_token ?? (mode === 'embedding' ? 0 : undefined);
    if (typeof input !== 'number' || output === undefined || !MODES.includes(mode)) return [];
    const { cache_read_input_token_cost: cached, cache_creation_input_token_cost: written } = entry;
    return [
      {
        model,
        vendor: entry.litellm_provider ?? '',
        input: perMillion(input),
        cachedInput: typeof cached === 'number' ? perMillion(cached) : undefined,
        cacheWrite: typeof written === 'number' ? perMillion(written) : undefined,
        output: perMillion(output),
        source: entry.source ?? where,
        read: today,
      },
    ];
  });
  if (rows.length === 0) throw bad(where, 'no model in it has a price');
  if (rows.length > MOST_ROWS) throw bad(where, `it has more than ${MOST_ROWS} models`);
  return rows;
}

/** 1.5e-7 a token is 0.15 a million, and not 0.15000000000000002. */
function perMillion(usdPerToken: number): number {
  return Number((usdPerToken * PER_MILLION).toPrecision(12));
}

function jsonIn(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad(where, 'it is no JSON');
  }
}

function bad(where: string, problem: string): Failure {
  const example = '[{"model": "m", "input": 1, "output": 2, "source": "https://…", "read": "2026-11-30"}]';
  const message = `Cannot read prices from ${where}: ${problem}. Expected ${example} (US dollars per million tokens), or LiteLLM's model_prices_and_context_window.json.`;
  return new Failure('fatal', 'bad_prices', message);
}
