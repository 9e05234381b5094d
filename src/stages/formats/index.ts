import type { Example } from '../example.ts';
import { Slot } from '../registry/slot.ts';
import { alpaca } from './alpaca.ts';
import { axolotl, axolotlDpo } from './axolotl.ts';
import { columns } from './columns.ts';
import { type Beside, type ExportedLine, linesIn } from './export-line.ts';
import { type Asker, type Format, faultInFormat } from './format.ts';
import { citations, rag } from './grounded.ts';
import { openai, openaiDpo } from './openai.ts';
import { record } from './record.ts';
import { sharegpt, sharegptDpo, sharegptKto } from './sharegpt.ts';
import { kto, promptCompletion, trl, trlDpo } from './trl.ts';

/** Where formats are registered. The first are ours, in the order in which they are shown. */
export const formatSlot = new Slot<Format>({
  noun: 'format',
  faultIn: faultInFormat,
  own: [
    ...[openai, openaiDpo, trl, promptCompletion, trlDpo, kto],
    ...[alpaca, sharegpt, sharegptDpo, sharegptKto, axolotl, axolotlDpo],
    ...[rag, citations, columns, record],
  ],
});

/** Where nobody chose one, and the training type names none. */
export const DEFAULT_FORMAT = openai.name;

/** The name of a registered format. `record` is everything known of an example, and no trainer's. */
export type ExportFormat = string;

/** Their names, in the order in which they are shown. It grows with every plugin that brings one. */
export const exportFormats: readonly ExportFormat[] = formatSlot.names;

/** Throws a fatal Failure `unknown_format` that lists the known ones. */
export function formatNamed(name: ExportFormat): Format {
  return formatSlot.named(name, 'unknown_format');
}

/** The name, where there is such a format. Throws as `formatNamed` does. */
export function exportFormatNamed(name: string): ExportFormat {
  return formatNamed(name).name;
}

/**
 * One example as lines of the format, or the reasons why there are none. Throws a Failure (`unknown_format`)
 * for a format that is not registered, and for nothing else.
 *
 * A preference pair keeps both answers in `alpaca`, `sharegpt` and in all formats of pairs and labels, and only the
 * chosen one elsewhere. Reasoning stands in `<think>` tags in `alpaca`, `prompt-completion` and `sharegpt`, in
 * `reasoning_content` in `trl`, `kto` and `axolotl`, and is left out in `openai`. `record` loses nothing. Formats of
 * pairs and labels also take what was sent back. `sharegpt` and its kin begin with an `id` where it is known who asked.
 */
export function exportLines(
  example: Example,
  format: ExportFormat,
  beside: Beside = {},
): readonly ExportedLine[] {
  return linesIn(formatNamed(format), example, beside);
}

/** The first line of an example without its history, or the reason why there is none. Never throws. */
export function exportLine(example: Example, format: ExportFormat, asker?: Asker): ExportedLine {
  const [first] = exportLines(example, format, { asker });
  return first ?? { kind: 'skipped', reason: `format ${format} has no line for it` };
}
