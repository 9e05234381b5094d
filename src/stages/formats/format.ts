import { z } from 'zod';
import type { FoundPiece } from '../evidence/finder.ts';
import type { Example } from '../example.ts';
import type { Submission } from '../question.ts';
import type { Labelled, Pair, Told, Turn } from './turn.ts';

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

/** What an example may have besides what is said in turns; calls of tools in a turn count as `tools`. */
export const HELD = ['system', 'tools'] as const;
export type Held = (typeof HELD)[number];

/** What the lines of one file are. A trainer reads one of these from a file, never two. */
export type LineShape = keyof ShapeSource;

/**
 * An entry of LLaMA-Factory's dataset_info.json without its `file_name`. Every column named here is looked up in every
 * line without a fallback, so only columns that all lines have may stand here.
 * Source: https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md
 */
export type LlamaFactoryEntry = Readonly<{
  formatting: 'alpaca' | 'sharegpt' | 'openai';
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
  lineOf(from: From, told: Told): Line | undefined;
  /** The trainer's rule for one line. Its structure is that of a Parquet file. */
  rule: z.ZodType<unknown>;
  /** Absent if LLaMA-Factory cannot read such lines. */
  llamaFactory?: LlamaFactoryEntry | undefined;
  /** Absent if Axolotl cannot read such lines. */
  axolotl?: AxolotlEntry | undefined;
}>;

/** What of a submission goes into a line: what its asker calls the question, and what they gave with it. */
export type Asker = Readonly<Partial<Pick<Submission, 'id' | 'metadata'>>>;

/** How a line is made of all that is known of an example, whatever its training type. */
export type WholeRule = Readonly<{
  /**
   * As in a `ShapeRule`.
   *
   * @param distractors texts of the sources that the answer does not rest on, where they are wanted.
   */
  lineOf(example: Example, asker: Asker, distractors: readonly FoundPiece[]): Line | undefined;
  /** As in a `ShapeRule`. */
  rule: z.ZodType<unknown>;
  /** Whether its lines name the quotes, so that the marks of `--cite` mean something in them. Default: they are left out. */
  keepsMarks?: true;
}>;

/**
 * A format of a dataset. One file for each family. A preference pair becomes `preferences` where the format has them, else
 * an answer: the chosen one. A format without `answers` lives on the review history, too: on what was sent back. One with
 * `whole` makes its lines of whole examples, and has no shapes.
 */
export type Format = Readonly<{
  name: string;
  /** One line for `--help`. */
  description: string;
  /** Whether a line has a place for what its asker calls the question. */
  hasId?: true;
  /** What its lines have a place for. An example that has what they have no place for is left out: none is stripped in silence. */
  holds?: readonly Held[];
  /** What of an example does not survive in this format, in a sentence for the dataset card; empty if all does. */
  omits: string;
  shapes: Readonly<{ [Shape in LineShape]?: ShapeRule<ShapeSource[Shape]> }>;
  whole?: WholeRule | undefined;
}>;

/** A format as its author writes it down. */
export type FormatDefinition = Pick<Format, 'name' | 'description'> & Partial<Format>;

/** A format of one's own, for `formats` of a plugin. What it leaves out is empty. */
export function defineFormat(format: FormatDefinition): Format {
  return { omits: '', shapes: {}, ...format };
}

/** Whether the format lives on what the reviewer sent back. */
export function readsHistory({ shapes, whole }: Format): boolean {
  return whole === undefined && shapes.answers === undefined;
}

/** The rule of a file's lines; without a shape, that of a file that has no line. */
export function ruleOf(
  { shapes, whole }: Format,
  shape: LineShape | undefined,
): z.ZodType<unknown> | undefined {
  if (whole !== undefined) return whole.rule;
  const known = shape === undefined ? undefined : shapes[shape];
  return (known ?? shapes.answers ?? shapes.preferences ?? shapes.labels)?.rule;
}

const ruleShape = z.object({
  lineOf: z.custom((value) => typeof value === 'function', 'expected a function that makes a line'),
  rule: z.custom(
    (value) => typeof value === 'object' && value !== null && '_zod' in value,
    'expected the rule of a line as a schema of zod 4',
  ),
});
const formatShape = z.object({
  description: z.string().trim().min(1, 'expected one line that says what it is'),
  omits: z.string('expected what defineFormat returns'),
  shapes: z.strictObject({
    answers: ruleShape.optional(),
    preferences: ruleShape.optional(),
    labels: ruleShape.optional(),
  }),
  whole: ruleShape.optional(),
});

/** Why this is no format, as the end of "format anki: …"; `undefined` where it is one. */
export function faultInFormat(format: unknown): string | undefined {
  const { error, data } = formatShape.safeParse(format);
  const [issue] = error?.issues ?? [];
  if (issue !== undefined) return `${issue.path.join('.')}: ${issue.message}`;
  const shapes = Object.keys(data?.shapes ?? {}).length;
  if ((data?.whole === undefined) === (shapes === 0))
    return 'expected shapes (answers, preferences or labels), or whole, and not both';
  return undefined;
}
