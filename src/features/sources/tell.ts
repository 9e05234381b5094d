import type { Settings } from '../../infra/config/settings.ts';
import type { WritableIndex } from '../../infra/documents/index/document-index.ts';
import { EXIT } from '../../infra/terminal/exit-code.ts';
import { count, money, plural } from '../../infra/terminal/format.ts';
import { note, printFound } from '../../infra/terminal/print.ts';
import { asFailure } from '../../streams/failure.ts';
import { confirmed } from '../upkeep/deleting.ts';
import { embedLacking, type VectorForecast } from './embed-source.ts';
import type { Added } from './read-source.ts';
import { addedText } from './sources-text.ts';

export type EmbedFlags = Readonly<{ json?: true; yes?: true }>;

/** The least that four places of a dollar show. */
const LEAST_USD = 0.0001;

/**
 * Makes the vectors that chunks lack, and tells of it: first what it will cost, where the settings ask for vectors at all. On a terminal
 * it asks before money is spent. Rejects as `embedLacking`, and says that what was made is kept.
 */
export async function embedAndTell(
  index: WritableIndex,
  settings: Settings,
  flags: EmbedFlags,
): Promise<void> {
  const agree = async (forecast: VectorForecast) => {
    note(`${vectorForecastText(forecast)}.`);
    const isFree = forecast.costUsd === 0;
    if (isFree || flags.yes === true || !process.stdin.isTTY) return true;
    const agreed = await confirmed('Make them now?', {});
    if (!agreed) note('No vector was made: documents are found by their words.');
    return agreed;
  };
  const onWait = () => note('Another process is making vectors of this index: waiting for it to end.');
  const made = await embedLacking(index, settings, { agree, onWait }).catch((error: unknown) => {
    if (asFailure(error).code !== 'no_key')
      note('What was made is kept, and all is found by its words. To go on: millrace sources refresh');
    throw error;
  });
  if (made === undefined) return;
  const { tokens, costUsd, refused } = made;
  const cost = costUsd === null ? '' : `, ${usdText(costUsd)}`;
  const out = refused === 0 ? '' : ` ${plural(refused, 'chunk')} refused by the model: found by their words.`;
  const text = `${plural(made.made, 'vector')} made (${count(tokens)} tokens${cost}).${out}`;
  printFound(flags, { vectors: made }, () => text);
}

/** What is to be embedded, by whom, and what it will cost. */
export function vectorForecastText({ model, address, chunks, tokens, costUsd }: VectorForecast): string {
  const cost =
    costUsd === null ? 'at a price that is not known (embeddings.price)' : `at ${usdText(costUsd)}`;
  return `Vectors for ${plural(chunks, 'chunk')} by ${model} at ${address}: about ${count(tokens)} tokens, ${cost}`;
}

function usdText(usd: number): string {
  return usd > 0 && usd < LEAST_USD ? `less than ${money(LEAST_USD)}` : money(usd);
}

/** Prints what became of a source. The command ends with 3 where a file could not be read. */
export function tell(added: Added, { json }: Readonly<{ json?: true }>): void {
  printFound({ json }, added, () => addedText(added));
  if (added.refused.length > 0) process.exitCode = EXIT.someDead;
}
