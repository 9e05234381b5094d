import { Failure } from '../../streams/failure.ts';
import type { Example } from '../example.ts';
import { type TrainerFormat, trainerFormats } from '../training-types/training-type.ts';
import { alpaca } from './alpaca.ts';
import { dpo } from './dpo.ts';
import { type Asker, type ExportedLine, recordLine, trainerLine } from './export-line.ts';
import type { Format } from './format.ts';
import { openai } from './openai.ts';
import { sharegpt } from './sharegpt.ts';
import { trl } from './trl.ts';

/** What a dataset can be exported as. `record` is everything known of an example, and no trainer's. */
export type ExportFormat = TrainerFormat | 'record';

/** The trainer formats by name. */
export const formats: Readonly<Record<TrainerFormat, Format>> = { openai, alpaca, sharegpt, trl, dpo };

/** In the order in which they are shown. */
export const exportFormats: readonly ExportFormat[] = [...trainerFormats, 'record'];

/** Throws a fatal Failure `unknown_format` that lists the known ones. */
export function exportFormatNamed(name: string): ExportFormat {
  const format = exportFormats.find((known) => known === name);
  if (format !== undefined) return format;
  const known = exportFormats.join(', ');
  throw new Failure('fatal', 'unknown_format', `Unknown format "${name}". Use one of: ${known}.`);
}

/**
 * One example as one line of the format, or the reason why there is none. Never throws.
 *
 * A preference pair keeps both answers in `dpo`, `alpaca` and `sharegpt`, and only the chosen one in `openai` and `trl`.
 * Reasoning stands in `<think>` tags in `alpaca` and `sharegpt`, in `reasoning_content` in `trl`, and is left out in
 * `openai`. `record` loses nothing.
 */
export function exportLine(example: Example, format: ExportFormat, asker: Asker = {}): ExportedLine {
  return format === 'record' ? recordLine(example, asker) : trainerLine(example, formats[format]);
}
