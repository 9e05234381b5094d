import type { StageMessage } from './added-stage.ts';
import type { AddedMessage } from './message.ts';

/** What a stage of a plugin sees of a message. */
export function shownTo(message: AddedMessage): StageMessage {
  const { lane, revision, question, research, candidate, review, added = {} } = message;
  return { lane, revision, question, research, candidate, review, added };
}
