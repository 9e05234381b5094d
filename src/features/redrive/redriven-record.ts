import { z } from 'zod';
import type { Override } from '../../stages/agent/override.ts';
import { type Question, questionSchema } from '../../stages/question.ts';
import { digitsAsText, parseExact } from '../../stages/text/parse-exact.ts';
import {
  DEAD_LETTER_HEADER,
  DRIVE_HEADER,
  type StoredDeadLetter,
} from '../../streams/delivery/dead-letter.ts';
import type { OutgoingRecord } from '../../streams/log/log.ts';
import type { WorkKey } from '../../streams/work/work.ts';

/** A dead letter as it is sent again, to the topic it came from. */
export type RedrivenRecord = Readonly<{
  record: OutgoingRecord;
  /** Absent where the record could not be decoded. */
  about: Readonly<{ work: WorkKey; question: Question }> | undefined;
}>;

const messageSchema = z.looseObject({ question: questionSchema });

/**
 * The original message with its new drive, and with what the operator changes for it. What could not be decoded goes as
 * the same bytes; its headers name the dead letter, so that another death opens this one again.
 */
export function redrivenRecord(deadLetter: StoredDeadLetter, override: Override | undefined): RedrivenRecord {
  const { work, drive, headers, id } = deadLetter;
  const key = deadLetter.key ?? work?.questionId ?? id;
  const message = work === undefined ? undefined : messageIn(deadLetter.value);
  if (work === undefined || message === undefined) {
    const named = { ...headers, [DEAD_LETTER_HEADER]: id, [DRIVE_HEADER]: String(drive) };
    return { record: { key, value: deadLetter.value, headers: named }, about: undefined };
  }
  const { override: _, ...original } = message;
  // What died in a replay was read as a record of another lane.
  const value = JSON.stringify({
    ...original,
    lane: work.lane,
    drive,
    ...(override === undefined ? {} : { override }),
  });
  return {
    record: { key, value, headers },
    about: { work: { ...work, drive }, question: message.question },
  };
}

function messageIn(value: StoredDeadLetter['value']): z.output<typeof messageSchema> | undefined {
  try {
    const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : (value ?? '');
    return messageSchema.safeParse(digitsAsText(parseExact(text))).data;
  } catch {
    return undefined;
  }
}
