import { Slot } from '../registry/slot.ts';
import { conversation } from './conversation.ts';
import { dpo } from './dpo.ts';
import { reasoning } from './reasoning.ts';
import { sft } from './sft.ts';
import { type AnyTrainingType, faultInType } from './training-type.ts';

/** Ours. A new one is a file of its own and an entry here. */
export const OWN_TYPES: readonly AnyTrainingType[] = [sft, reasoning, conversation, dpo];

/** Where training types are registered. */
export const trainingTypeSlot = new Slot<AnyTrainingType>({
  noun: 'training type',
  faultIn: faultInType,
  own: OWN_TYPES,
});

/** The training types by name: ours, then those of plugins. */
export const trainingTypes: ReadonlyMap<string, AnyTrainingType> = trainingTypeSlot.parts;

/** Throws a fatal Failure `unknown_training_type` that lists the known ones. */
export function trainingTypeNamed(name: string): AnyTrainingType {
  return trainingTypeSlot.named(name, 'unknown_training_type');
}
