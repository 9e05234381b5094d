import { Failure } from '../../streams/failure.ts';
import { conversation } from './conversation.ts';
import { dpo } from './dpo.ts';
import { reasoning } from './reasoning.ts';
import { sft } from './sft.ts';
import type { AnyTrainingType } from './training-type.ts';

/** The training types by name. A new one is a file of its own and an entry here. */
export const trainingTypes: ReadonlyMap<string, AnyTrainingType> = new Map(
  [sft, reasoning, conversation, dpo].map((type) => [type.name, type]),
);

/** Throws a fatal Failure `unknown_training_type` that lists the known ones. */
export function trainingTypeNamed(name: string): AnyTrainingType {
  const type = trainingTypes.get(name);
  if (type !== undefined) return type;
  const known = [...trainingTypes.keys()].join(', ');
  throw new Failure(
    'fatal',
    'unknown_training_type',
    `Unknown training type "${name}". Use one of: ${known}.`,
  );
}
