import type { z } from 'zod';
import type { Line, TrainerFormat } from '../training-types/training-type.ts';

/**
 * What the lines of one file are: answers to imitate, or pairs to prefer one of. A trainer reads one of the two from a
 * file, never both.
 */
export type LineShape = 'answers' | 'preferences';

/**
 * An entry of LLaMA-Factory's dataset_info.json without its `file_name`. Every column named here is looked up in every
 * line without a fallback, so only columns that all lines have may stand here.
 * Source: https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md
 */
export type LlamaFactoryEntry = Readonly<{
  formatting: 'alpaca' | 'sharegpt';
  ranking?: true;
  columns: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
}>;

/** How a trainer reads lines of one shape. */
export type ShapeRule = Readonly<{
  /** The trainer's rule for one line. */
  rule: z.ZodType<unknown>;
  /** `undefined` if LLaMA-Factory cannot read such lines. */
  llamaFactory: LlamaFactoryEntry | undefined;
}>;

/** A trainer's format. One file each. */
export type Format = Readonly<{
  name: TrainerFormat;
  /** One line for `--help`. */
  description: string;
  /** What of an example does not survive in this format, in a sentence for the dataset card; empty if all does. */
  omits: string;
  shapes: Readonly<Partial<Record<LineShape, ShapeRule>>>;
}>;

/** Only a pair has something to reject, whatever the format. */
export function shapeOf(line: Line): LineShape {
  return 'rejected' in line ? 'preferences' : 'answers';
}
