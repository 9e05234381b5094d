import type { z } from 'zod';
import type { generationMessage } from '../message.ts';
import {
  generationMessage as ofGeneration,
  researchMessage,
  reviewMessage,
  storageMessage,
} from '../message.ts';
import type { OurStage } from '../rows.ts';

type Generation = z.output<typeof generationMessage>;
type Storage = z.output<typeof storageMessage>;

/** A record as an added stage takes and hands it on: what comes later in the stream is not there yet. */
export type AddedMessage = z.output<typeof researchMessage> &
  Partial<Pick<Generation, 'research' | 'rejection'>> &
  Partial<Pick<Storage, 'candidate' | 'review' | 'shadow'>>;

/** The shape of the records of an added stage: that of the stage of ours which comes next. */
export function messageBefore(stage: OurStage): z.ZodType<AddedMessage> {
  switch (stage) {
    case 'questions':
    case 'research':
      return researchMessage;
    case 'generation':
      return ofGeneration;
    case 'review':
      return reviewMessage;
    case 'storage':
      return storageMessage;
    default:
      return stage satisfies never;
  }
}
