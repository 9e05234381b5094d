import type { Stage } from '../../streams/delivery/stage.ts';
import type { LaneName } from '../../streams/work/work.ts';
import type { Override } from '../agent/override.ts';

export type InLane = Readonly<{ lane: LaneName; override?: Override | undefined }>;

/** The message as one of another lane. What an operator changed for one work is no recipe of that lane. */
export function inLane<Message extends InLane>(message: Message, lane: LaneName): Message {
  return { ...message, lane, override: undefined };
}

/** How much a call of the stage may take by the recipe of another lane. */
export function sizeIn<Message extends InLane, Result>(
  { sizeOf }: Stage<Message, Result>,
  lane: LaneName,
): Pick<Stage<Message, Result>, 'sizeOf'> {
  return sizeOf === undefined ? {} : { sizeOf: (message, attempt) => sizeOf(inLane(message, lane), attempt) };
}
