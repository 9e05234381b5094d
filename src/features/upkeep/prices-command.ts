import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import {
  parsePrices,
  priceFilePath,
  readPriceFile,
  savePrices,
} from '../../infra/config/files/price-file.ts';
import { builtInRows, type PriceRow } from '../../infra/models/price-rows.ts';
import { alignedColumns, plural, printable, printableJson } from '../../infra/terminal/format.ts';
import { print } from '../../infra/terminal/print.ts';
import { errorText, Failure } from '../../streams/failure.ts';

const LONGEST_NAME = 34;

/** `millrace prices`: what models cost as far as Millrace knows, since when and from where; and a newer list put in. */
export function pricesCommand(): Command {
  const command = new Command('prices')
    .description(
      'Shows what models cost, in US dollars per million tokens, and when and where each price was read.',
    )
    .argument('[part]', 'only models whose names hold this')
    .option('--sources', 'with the page of each price')
    .option('--json', 'as JSON')
    .option('--verbose', 'show stack traces')
    .addHelpText(
      'after',
      '\nA price that is missing or old: --price in=3,out=15 for one run, the setting\nprices, or\n  $ millrace prices update model_prices_and_context_window.json',
    )
    .action(showPrices);
  command
    .command('update')
    .description("Puts the prices of a file before the built-in ones: rows as in --json, or LiteLLM's list.")
    .argument('<file>', 'a JSON file; - for standard input')
    .action(updatePrices);
  return command;
}

type ShowFlags = Readonly<{ json?: true; sources?: true }>;

function showPrices(part: string | undefined, { json, sources }: ShowFlags): void {
  const own = readPriceFile();
  const ownModels = new Set(own.map(({ model }) => model));
  const all = [...own, ...builtInRows.filter(({ model }) => !ownModels.has(model))];
  const shown = all
    .filter(({ model }) => part === undefined || model.includes(part.toLowerCase()))
    .toSorted((one, other) => one.vendor.localeCompare(other.vendor) || one.model.localeCompare(other.model));
  if (shown.length === 0)
    throw new Failure('fatal', 'no_price', `No price is known of a model with ${part ?? ''} in its name.`);
  if (json === true) return void print(printableJson(shown, undefined, 2));
  const head = ['model', 'input', 'cached', 'output', 'read', ...(sources === true ? ['source'] : [])];
  print(alignedColumns([head, ...shown.map((row) => cellsOf(row, sources === true))]));
  print('US dollars per million tokens, standard tier. They change: check your bill.');
}

function cellsOf(row: PriceRow, withSource: boolean): readonly string[] {
  const { input, cachedInput, output, read, source } = row;
  const cells = [printable(row.model, LONGEST_NAME), usd(input), usd(cachedInput), usd(output), read];
  return withSource ? [...cells, printable(source)] : cells;
}

function usd(amount: number | undefined): string {
  return amount === undefined ? '-' : String(amount);
}

async function updatePrices(file: string): Promise<void> {
  const written = file === '-' ? await text(process.stdin) : await read(file);
  const rows = parsePrices(written, file === '-' ? 'standard input' : file);
  const total = await savePrices(rows);
  print(`${plural(rows.length, 'price')} put into ${priceFilePath()}, which holds ${total} now.`);
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure('fatal', 'bad_prices', `Cannot read ${file}: ${errorText(error)}`, { cause: error });
  });
}
