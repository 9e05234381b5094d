import { Binary } from 'mongodb';
import { z } from 'zod';
import type { DeadLetter } from '../../streams/dead-letter.ts';
import { jsonText, readStored } from '../stored/read-stored.ts';
import { type LetterDocument, letterDocumentSchema } from './documents.ts';

const headersText = jsonText(z.record(z.string(), z.string()));

/** What a death sets; the first one stays known by `firstAt`. */
export function letterFields(letter: DeadLetter): Omit<LetterDocument, '_id' | 'firstAt'> {
  const { stage, topic, partition, key, kind, code, message, at, work } = letter;
  return {
    ...{ state: 'open', taker: null, takenUntil: null },
    ...{ stage, topic, partition, key, kind, code, message, at },
    offset: letter.offset.toString(),
    value: letter.value,
    headers: JSON.stringify(letter.headers),
    work: work ?? null,
    drive: work?.drive ?? 0,
    attempts: [...letter.attempts],
  };
}

/** Throws a Failure if it is none of ours. */
export function letterOf(stored: unknown): DeadLetter {
  const document = readStored(storedLetterSchema, stored);
  const { _id: id, stage, topic, partition, key, value, kind, code, message, attempts, at } = document;
  return {
    ...{ id, stage, topic, partition, key, value, kind, code, message, attempts, at },
    offset: BigInt(document.offset),
    headers: readStored(headersText, document.headers),
    work: document.work ?? undefined,
  };
}

/** The driver gives bytes as a Binary. */
const bytes = z.instanceof(Binary).transform(({ buffer }) => buffer);
const storedLetterSchema = letterDocumentSchema.extend({ value: z.union([z.string(), bytes]).nullable() });
