import { z } from 'zod';
import type { LaneName } from '../../streams/work/work.ts';

const PREFIX = 'shadow-';
const STAGE = 'shadow ';

/** A judge that works beside the live one, as people call it. */
export const shadowNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected a name of a-z, 0-9 and -, at most 41 long')
  .describe('Name of a shadow judge.');

/** The lane of a shadow judge: its works stand there, and no question does. */
export function shadowLaneOf(name: string): LaneName {
  return `${PREFIX}${name}` as LaneName;
}

/** The judge whose lane it is; `undefined` for any other lane. */
export function shadowOfLane(lane: string): string | undefined {
  return lane.startsWith(PREFIX) ? lane.slice(PREFIX.length) : undefined;
}

/** The consumer group of a shadow judge on the topic of reviews. */
export function shadowGroupOf(namespace: string, name: string): string {
  return `${namespace}.shadow.${name}`;
}

/** How the work of a shadow judge is called wherever stages are named to people. */
export function shadowStageOf(name: string): string {
  return `${STAGE}${name}`;
}

/** Whether what happened in this stage moved no question. */
export function isShadowStage(stage: string): boolean {
  return stage.startsWith(STAGE);
}
