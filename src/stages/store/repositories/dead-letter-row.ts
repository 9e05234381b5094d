import { z } from 'zod';
import type { DeadLetter, DeadLetterLife, StoredDeadLetter } from '../../../streams/delivery/dead-letter.ts';
import type { Attempt, Token } from '../../../streams/work/work.ts';
import { branded, jsonText, readStored } from '../table/read-stored.ts';
import { attemptSchema, failureKindSchema, workKeySchema } from '../table/schemas.ts';
import { tableOf } from '../table/table.ts';

/** Dead letters, by id. `taker`: the operator who took it last to send it again; `renewal` moves while they are alive. */
export const DEAD_LETTERS = tableOf('dead_letters', {
  ...{ id: 'text', state: 'word', taker: 'text', renewal: 'number', sentAt: 'time', closedAt: 'time' },
  ...{ stage: 'text', topic: 'text', partition: 'number', offset: 'whole', key: 'text', value: 'raw' },
  ...{ headers: 'text', work: 'json', lane: 'text', questionId: 'text', drive: 'number', kind: 'text' },
  ...{ code: 'text', message: 'text', attempts: 'json', firstAt: 'text', at: 'text' },
});

const rowSchema = z.object({
  id: z.string(),
  state: z.enum(['open', 'redriving', 'sent', 'closed']),
  taker: branded<Token>().nullable(),
  renewal: z.number().nullable(),
  sentAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  stage: z.string(),
  topic: z.string(),
  partition: z.number(),
  offset: z.string().transform(BigInt),
  key: z.string().nullable(),
  value: z.union([z.string(), z.instanceof(Uint8Array)]).nullable(),
  headers: jsonText(z.record(z.string(), z.string())),
  work: workKeySchema.nullable(),
  drive: z.number(),
  kind: failureKindSchema,
  code: z.string(),
  message: z.string(),
  attempts: z.array(attemptSchema),
  firstAt: z.string(),
  at: z.string(),
});
type DeadLetterRow = z.output<typeof rowSchema>;

const NOBODY = '' as Token;

/** A row of the table, checked. Throws a Failure of kind `fatal` if it is none of ours. */
export function storedDeadLetterOf(stored: unknown): StoredDeadLetter {
  const row = readStored(rowSchema, stored);
  const { state: _, taker: __, renewal: ___, sentAt: ____, closedAt: _____, work, ...deadLetter } = row;
  return { ...deadLetter, work: work ?? undefined, life: lifeOf(row) };
}

/** What a death sets; who sent the dead letter last and the first death stay known. */
export function deathOf(deadLetter: DeadLetter, attempts: readonly Attempt[]) {
  const { stage, topic, partition, key, value, kind, code, message, at, drive, work } = deadLetter;
  return {
    ...{ state: 'open', sentAt: null, closedAt: null },
    ...{ stage, topic, partition, key, value, kind, code, message, at, drive, attempts },
    offset: deadLetter.offset.toString(),
    headers: JSON.stringify(deadLetter.headers),
    ...{ work: work ?? null, lane: work?.lane ?? null, questionId: work?.questionId ?? null },
  };
}

function lifeOf({ state, taker, renewal, sentAt, closedAt, at, drive }: DeadLetterRow): DeadLetterLife {
  const by = taker ?? NOBODY;
  switch (state) {
    case 'open':
      return { kind: 'open' };
    case 'redriving':
      return { kind: 'redriving', by, renewal: renewal ?? 0 };
    case 'sent':
      return { kind: 'sent', by, at: sentAt ?? at };
    case 'closed':
      return { kind: 'closed', how: drive > 0 ? 'redriven' : 'done', at: closedAt ?? at };
    default:
      return state satisfies never;
  }
}
