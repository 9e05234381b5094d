import { z } from 'zod';
import { branded, jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { attemptSchema, failureKindSchema, workKeySchema } from '../../../../stages/store/table/schemas.ts';
import type { LetterLife, StoredLetter } from '../../../../streams/delivery/dead-letter.ts';
import type { Token } from '../../../../streams/work/work.ts';

const rowSchema = z.object({
  id: z.string(),
  state: z.enum(['open', 'redriving', 'closed']),
  stage: z.string(),
  topic: z.string(),
  partition: z.number(),
  offset: z.number().transform(BigInt),
  key: z.string().nullable(),
  value: z.union([z.string(), z.instanceof(Uint8Array)]).nullable(),
  headers: jsonText(z.record(z.string(), z.string())),
  work: jsonText(workKeySchema).nullable(),
  drive: z.number(),
  kind: failureKindSchema,
  code: z.string(),
  message: z.string(),
  attempts: jsonText(z.array(attemptSchema)),
  first_at: z.string(),
  at: z.string(),
  taker: branded<Token>().nullable(),
  renewal: z.number(),
  sent_at: z.string().nullable(),
  closed_at: z.string().nullable(),
});
type Row = z.output<typeof rowSchema>;

/** A row of the table, checked. Throws a Failure of kind `fatal` if it is none of ours. */
export function readLetter(stored: unknown): StoredLetter {
  const row = readStored(rowSchema, stored);
  const { state: _, work, first_at: firstAt, taker, renewal, sent_at, closed_at, ...letter } = row;
  return { ...letter, work: work ?? undefined, firstAt, life: lifeOf(row) };
}

function lifeOf({ state, taker, renewal, sent_at, closed_at, at, drive }: Row): LetterLife {
  switch (state) {
    case 'open':
      return { kind: 'open' };
    case 'redriving': {
      const by = taker ?? NOBODY;
      return sent_at === null ? { kind: 'redriving', by, renewal } : { kind: 'sent', by, at: sent_at };
    }
    case 'closed':
      return { kind: 'closed', how: drive > 0 ? 'redriven' : 'done', at: closed_at ?? at };
    default:
      return state satisfies never;
  }
}

const NOBODY = '' as Token;
