import { Slot } from '../registry/slot.ts';
import { type OurRow, ROWS } from '../rows.ts';
import type { AddedStage } from './added-stage.ts';
import { faultInStage, faultsAmong } from './faults.ts';

type StagePart = OurRow | AddedStage;

/** Where stages are registered: ours, and those of plugins. */
export const stageSlot = new Slot<StagePart>({
  noun: 'stage',
  faultIn: (part) => (isOurs(part) ? undefined : faultInStage(part)),
  faultAmong: (parts) => faultsAmong(parts.filter(isAdded)),
  own: ROWS,
});

/** The stages of plugins, in the order in which they were registered. */
export function addedStages(): readonly AddedStage[] {
  return [...stageSlot.parts.values()].filter(isAdded);
}

function isAdded(part: StagePart): part is AddedStage {
  return !isOurs(part);
}

function isOurs(part: unknown): part is OurRow {
  return ROWS.some((row) => row === part);
}
