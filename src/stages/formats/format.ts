import type { z } from 'zod';
import type { Labelled, Pair, Turn } from './turn.ts';

/** The trainer formats, in the order in which they are shown. `record`, everything known of an example, is none. */
export const trainerFormats = [
  'openai',
  'openai-dpo',
  'trl',
  'prompt-completion',
  'dpo',
  'kto',
  'alpaca',
  'sharegpt',
  'sharegpt-dpo',
  'sharegpt-kto',
  'axolotl',
  'axolotl-dpo',
] as const;
export type TrainerFormat = (typeof trainerFormats)[number];

/** One line of an exported file. */
export type Line = Readonly<Record<string, unknown>>;

/** What the lines of a file of each shape are made from. */
type ShapeSource = Readonly<{
  /** Answers to imitate. */
  answers: readonly Turn[];
  /** Pairs to prefer one of. */
  preferences: Pair;
  /** Answers that are wanted or not, each for itself. */
  labels: Labelled;
}>;

/** What the lines of one file are. A trainer reads one of these from a file, never two. */
export type LineShape = keyof ShapeSource;

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

/**
 * An entry of `datasets:` in Axolotl's YAML without its `path` and `ds_type`, and the `rl` that has to stand beside it.
 * Source: https://docs.axolotl.ai/docs/dataset-formats/ and https://docs.axolotl.ai/docs/rlhf.html
 */
type AxolotlEntry = Readonly<{ rl?: 'dpo'; dataset: Readonly<Record<string, unknown>> }>;

/** How a trainer reads lines of one shape, and how they are made. */
export type ShapeRule<From> = Readonly<{
  /** Pure; what it makes is checked against the rule. `undefined` if the format cannot hold this one. */
  lineOf(from: From): Line | undefined;
  /** The trainer's rule for one line. Its structure is that of a Parquet file. */
  rule: z.ZodType<unknown>;
  /** `undefined` if LLaMA-Factory cannot read such lines. */
  llamaFactory: LlamaFactoryEntry | undefined;
  /** `undefined` if Axolotl cannot read such lines. */
  axolotl: AxolotlEntry | undefined;
}>;

/**
 * A trainer's format. One file for each family. A preference pair becomes `preferences` where the format has them, else
 * an answer: the chosen one. A format without `answers` lives on the review history, too: on what was sent back.
 */
export type Format = Readonly<{
  name: TrainerFormat;
  /** One line for `--help`. */
  description: string;
  /** Whether a line has a place for what its asker calls the question. */
  hasId?: true;
  /** What of an example does not survive in this format, in a sentence for the dataset card; empty if all does. */
  omits: string;
  shapes: Readonly<{ [Shape in LineShape]?: ShapeRule<ShapeSource[Shape]> }>;
}>;

/** Whether the format lives on what the reviewer sent back. */
export function readsHistory({ shapes }: Format): boolean {
  return shapes.answers === undefined;
}
