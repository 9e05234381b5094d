import { missingPartsIn } from '../../../infra/plugins/missing-parts.ts';
import type { Lane } from '../../../stages/lanes/lane.ts';
import { type StageName, stageNames } from '../../../stages/stage-names.ts';
import type { Tool } from '../../../stages/tools/tool.ts';
import type { AlarmSink } from '../../../streams/alarms.ts';
import { Failure, PART_MISSING } from '../../../streams/failure.ts';

/**
 * The stages that a process can work of a lane. One that lacks a part does not start, and is an alarm: its topic is left to
 * processes that have the part. Throws a fatal Failure (`part_missing`) where nothing is left to do, and for a run, which would
 * wait for ever.
 * @param wanted `undefined`: all, as a run needs them.
 * @param tools what research may look things up with here.
 */
export function stagesAbleTo(
  { recipes }: Pick<Lane, 'recipes'>,
  wanted: readonly StageName[] | undefined,
  alarms: AlarmSink,
  tools: readonly Tool[] = [],
): readonly StageName[] | undefined {
  const lacking: ReadonlyMap<string, string> = missingPartsIn(recipes, tools);
  const wantsAll = wanted === undefined || stageNames().every((stage) => wanted.includes(stage));
  const missing = [...lacking].filter(([stage]) => wantsAll || wanted.some((each) => each === stage));
  const [first] = missing;
  if (first === undefined) return wanted;
  const able = wanted?.filter((stage) => !lacking.has(stage)) ?? [];
  if (able.length === 0 && wanted?.length !== 0) throw new Failure('fatal', PART_MISSING, first[1]);
  for (const [stage, text] of missing)
    alarms.raise(PART_MISSING, stage, `Stage ${stage} does not start: ${text}`);
  return able;
}
