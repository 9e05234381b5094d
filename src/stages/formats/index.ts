import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import { type Example, exampleSchema } from '../example.ts';
import { alpaca } from './alpaca.ts';
import { axolotl, axolotlDpo } from './axolotl.ts';
import { type Asker, type ExportedLine, recordLine, trainerLines } from './export-line.ts';
import { type Format, readsHistory, type TrainerFormat, trainerFormats } from './format.ts';
import { openai, openaiDpo } from './openai.ts';
import { sharegpt, sharegptDpo, sharegptKto } from './sharegpt.ts';
import { dpo, kto, promptCompletion, trl } from './trl.ts';

/** What a dataset can be exported as. `record` is everything known of an example, and no trainer's. */
export type ExportFormat = TrainerFormat | 'record';

/** The trainer formats by name. */
export const formats: Readonly<Record<TrainerFormat, Format>> = {
  openai,
  'openai-dpo': openaiDpo,
  trl,
  'prompt-completion': promptCompletion,
  dpo,
  kto,
  alpaca,
  sharegpt,
  'sharegpt-dpo': sharegptDpo,
  'sharegpt-kto': sharegptKto,
  axolotl,
  'axolotl-dpo': axolotlDpo,
};

/** A line of the format `record`. */
export const recordSchema = z.object({
  id: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  ...exampleSchema.shape,
});

/** In the order in which they are shown. */
export const exportFormats: readonly ExportFormat[] = [...trainerFormats, 'record'];

/** Throws a fatal Failure `unknown_format` that lists the known ones. */
export function exportFormatNamed(name: string): ExportFormat {
  const format = exportFormats.find((known) => known === name);
  if (format !== undefined) return format;
  const known = exportFormats.join(', ');
  throw new Failure('fatal', 'unknown_format', `Unknown format "${name}". Use one of: ${known}.`);
}

/** Whether the format needs the candidates that were sent back. */
export function needsHistory(format: ExportFormat): boolean {
  return format !== 'record' && readsHistory(formats[format]);
}

/** Beside the example: who asked, where that is known, and the candidates of the same question that were sent back. */
export type Beside = Readonly<{ asker?: Asker | undefined; sentBack?: readonly unknown[] | undefined }>;

/**
 * One example as lines of the format, or the reasons why there are none. Never throws.
 *
 * A preference pair keeps both answers in `alpaca`, `sharegpt` and in all formats of pairs and labels, and only the
 * chosen one elsewhere. Reasoning stands in `<think>` tags in `alpaca`, `prompt-completion` and `sharegpt`, in
 * `reasoning_content` in `trl`, `kto` and `axolotl`, and is left out in `openai`. `record` loses nothing. Formats of
 * pairs and labels also take what was sent back. `sharegpt` and its kin begin with an `id` where it is known who asked.
 */
export function exportLines(
  example: Example,
  format: ExportFormat,
  { asker, sentBack = [] }: Beside = {},
): readonly ExportedLine[] {
  if (format === 'record') return [recordLine(example, asker ?? {})];
  return trainerLines(example, formats[format], { sentBack, asker });
}

/** The first line of an example without its history, or the reason why there is none. Never throws. */
export function exportLine(example: Example, format: ExportFormat, asker?: Asker): ExportedLine {
  const [first] = exportLines(example, format, { asker });
  return first ?? { kind: 'skipped', reason: `format ${format} has no line for it` };
}
