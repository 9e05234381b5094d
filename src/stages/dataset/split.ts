import { hash } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import type { Example } from '../example.ts';

/** The parts of a dataset, by the names that the Hugging Face Hub knows. */
export const SPLIT_NAMES = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof SPLIT_NAMES)[number];

/** The share of each part, in the order of `SPLIT_NAMES`; shares are relative to their sum. */
export const splitSchema = z
  .array(z.tuple([z.enum(SPLIT_NAMES), z.number().positive()]))
  .min(2)
  .max(SPLIT_NAMES.length)
  .readonly();
export type Split = z.output<typeof splitSchema>;

const HASH_BITS = 48;

/** What a split looks like, for messages. */
export const SPLIT_FORMS =
  'shares such as 90/5/5 (train, validation, test), 90/10 (train, test) or train=80,validation=20';

/** Reads one of `SPLIT_FORMS`. Throws a fatal Failure `bad_split` that says what was expected. */
export function parseSplit(text: string): Split {
  const split = splitOf(text);
  if (split !== undefined) return split;
  throw new Failure('fatal', 'bad_split', `Bad value for --split: expected ${SPLIT_FORMS}; got ${text}.`);
}

/** Reads one of `SPLIT_FORMS`; `undefined` for anything else. */
export function splitOf(text: string): Split | undefined {
  const parts = text.includes('=') ? namedParts(text) : listedParts(text);
  const inOrder = SPLIT_NAMES.flatMap((name) => parts.filter(([part]) => part === name));
  const split = splitSchema.safeParse(inOrder);
  const isWhole =
    inOrder.length === parts.length && new Set(inOrder.map(([name]) => name)).size === parts.length;
  return split.success && isWhole ? split.data : undefined;
}

/** What may stay together in one part: all of a topic, or all that rests on one source text. */
export const SPLIT_BY = ['topic', 'source'] as const;
export type SplitBy = (typeof SPLIT_BY)[number];

/** What decides the part of an example: its question, or what it shares with others where that is asked for and there. */
export function splitKeyOf({ questionId, question }: Example, by: SplitBy | undefined): string {
  const { topic, context, passages } = question;
  if (by === 'topic' && topic !== '') return `topic/${topic}`;
  const source = context === '' && passages === undefined ? undefined : JSON.stringify([context, passages]);
  return by === 'source' && source !== undefined ? `source/${source}` : questionId;
}

/**
 * The part that a question belongs to: by a hash of its id, so it stays there however the dataset grows and in every lane,
 * and all lines of one key stay together.
 * @param key that of `splitKeyOf`: the question's id, unless more shall stay together.
 */
export function partOf(split: Split, key: string): SplitName {
  const total = split.reduce((sum, [, share]) => sum + share, 0);
  const place = placeOf(key) * total;
  let end = 0;
  for (const [name, share] of split) {
    end += share;
    if (place < end) return name;
  }
  return split.at(-1)?.[0] ?? 'train';
}

/** From 0 to 1, evenly spread and unrelated to the order of the ids. */
function placeOf(key: string): number {
  return hash('sha256', `split/${key}`, 'buffer').readUIntBE(0, HASH_BITS / 8) / 2 ** HASH_BITS;
}

type Part = [name: string, share: number];

function listedParts(text: string): Part[] {
  const shares = text.split('/').map(Number);
  const names = shares.length === 2 ? ['train', 'test'] : SPLIT_NAMES;
  return shares.map((share, index) => [names[index] ?? '', share]);
}

function namedParts(text: string): Part[] {
  return text.split(',').map((pair) => {
    const [name = '', share = ''] = pair.split('=');
    return [name.trim(), Number(share)];
  });
}
