import { z } from 'zod';
import { questionSchema } from '../stages/question.ts';
import { STAGE_NAMES } from '../stages/stage-names.ts';
import { STATUS_BEFORE } from '../stages/status.ts';
import type { Redrive } from '../stages/store.ts';
import type { Session } from './session.ts';

const sentAgain = z.looseObject({ question: questionSchema });

/**
 * Sends every dead letter that could be decoded again, as a part of the run. Publish, reopen the question, close the
 * letter, in that order: a crash in between sends it once more, which the claim drops.
 */
export async function retryFailed(session: Session, run: string, firstPosition: number): Promise<number> {
  let count = 0;
  for (const redrive of await session.engine.store.takeDeadLetters())
    if (await sendAgain(session, redrive, { run, position: firstPosition + count })) count += 1;
  return count;
}

async function sendAgain(
  { engine }: Session,
  { letter, drive }: Redrive,
  submission: { run: string; position: number },
): Promise<boolean> {
  const { work, topic, key, value, headers, id } = letter;
  const stage = STAGE_NAMES.find((name) => name === letter.stage);
  if (work === undefined || typeof value !== 'string' || stage === undefined) return false;
  const message = sentAgain.parse(JSON.parse(value));
  const driven = { ...work, drive };
  await engine.store.questions.accept(work, message.question, submission);
  const record = { key: key ?? work.questionId, value: JSON.stringify({ ...message, drive }), headers };
  await engine.log.publish(topic, [record]);
  await engine.store.move({ work: driven, status: STATUS_BEFORE[stage] });
  await engine.store.closeDeadLetter(id);
  return true;
}
