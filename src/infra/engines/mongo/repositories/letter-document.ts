import { Binary } from 'mongodb';
import { z } from 'zod';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { DeadLetter, LetterLife, StoredLetter } from '../../../../streams/delivery/dead-letter.ts';
import type { Token } from '../../../../streams/work/work.ts';
import { type LetterDocument, letterDocumentSchema } from '../documents.ts';

const headersText = jsonText(z.record(z.string(), z.string()));
const NOBODY = '' as Token;

/** What a death sets; who sent it last and the first death stay known. */
export function letterFields(
  letter: DeadLetter,
): Omit<LetterDocument, '_id' | 'firstAt' | 'by' | 'renewal' | 'attempts'> {
  const { stage, topic, partition, key, kind, code, message, at, drive, work } = letter;
  return {
    ...{ state: 'open', sentAt: null, closedAt: null },
    ...{ stage, topic, partition, key, kind, code, message, at, drive },
    offset: letter.offset.toString(),
    value: letter.value,
    headers: JSON.stringify(letter.headers),
    work: work ?? null,
  };
}

/** Throws a Failure if it is none of ours. */
export function letterOf(stored: unknown): StoredLetter {
  const document = readStored(storedLetterSchema, stored);
  const { _id: id, stage, topic, partition, key, value, drive, kind, code, message, attempts } = document;
  const { at, firstAt } = document;
  return {
    ...{ id, stage, topic, partition, key, value, drive, kind, code, message, attempts, at, firstAt },
    offset: BigInt(document.offset),
    headers: readStored(headersText, document.headers),
    work: document.work ?? undefined,
    life: lifeOf(document),
  };
}

function lifeOf(document: z.output<typeof storedLetterSchema>): LetterLife {
  const { state, by, renewal, sentAt, closedAt, drive, at } = document;
  switch (state) {
    case 'open':
      return { kind: 'open' };
    case 'redriving':
      return { kind: 'redriving', by: by ?? NOBODY, renewal };
    case 'sent':
      return { kind: 'sent', by: by ?? NOBODY, at: sentAt?.toISOString() ?? at };
    case 'closed':
      return {
        kind: 'closed',
        how: drive > 0 ? 'redriven' : 'done',
        at: closedAt?.toISOString() ?? at,
      };
    default:
      return state satisfies never;
  }
}

/** The driver gives bytes as a Binary. */
const bytes = z.instanceof(Binary).transform(({ buffer }) => buffer);
const storedLetterSchema = letterDocumentSchema.extend({ value: z.union([z.string(), bytes]).nullable() });
