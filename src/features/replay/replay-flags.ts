import { InvalidArgumentError } from 'commander';
import { promptsOfBoth } from '../../infra/config/files/prompt-files.ts';
import { modelsIn } from '../../infra/config/flags/flags.ts';
import { stageFlag } from '../../infra/config/flags/stage-flag.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { laneNameSchema, MAIN_LANE } from '../../stages/lanes/lane.ts';
import { type StageName, stageNames } from '../../stages/stage-names.ts';
import { type Status, statuses } from '../../stages/status.ts';
import { REPLAY_MODES, type ReplayMode } from '../../stages/store/replay-plan.ts';
import { Failure } from '../../streams/failure.ts';
import type { LaneName } from '../../streams/work/work.ts';
import type { ReplayArguments } from './open-replay.ts';
import { parsePosition } from './position.ts';
import type { RecipeChanges } from './recipe-changes.ts';

export type ReplayFlags = Readonly<{
  lane: LaneName;
  stage?: StageName;
  mode?: ReplayMode;
  from?: string;
  to?: string;
  source?: LaneName;
  topic?: string;
  subTopic?: string;
  status?: readonly Status[];
  model?: string;
  temperature?: string;
  maxOutputTokens?: string;
  prompts?: string;
  minScore?: string;
  maxRevisions?: string;
  onlyReplay?: boolean;
  dryRun?: boolean;
  json?: boolean;
  quiet?: boolean;
}>;

/** Flags that say which replay is meant; with none of them it is one that was started before. */
const REQUEST_FLAGS = ['stage', 'mode', 'from', 'to', 'source', 'topic', 'subTopic', 'status'] as const;

/** What the flags ask for. Throws Failures (`bad_replay`, `bad_prompt`) that name the flag. */
export async function requestOf(flags: ReplayFlags, settings: Settings): Promise<ReplayArguments> {
  const { lane: name, stage, mode } = flags;
  const changes = await changesOf(flags, settings);
  if (REQUEST_FLAGS.every((flag) => flags[flag] === undefined) && Object.keys(changes).length === 0)
    return { name, request: undefined, changes };
  if (stage === undefined || mode === undefined) {
    const message = `A new replay needs --stage and --mode ${REPLAY_MODES.join('|')}; --lane alone continues one that was started.`;
    throw new Failure('fatal', 'bad_replay', message);
  }
  const { source = MAIN_LANE, topic = '', subTopic = '', status = [] } = flags;
  const from = parsePosition('--from', flags.from ?? 'beginning');
  const to = parsePosition('--to', flags.to ?? 'end');
  return { name, request: { mode, stage, source, from, to, topic, subTopic, status: [...status] }, changes };
}

/** Only what the command line names; what stands in a configuration file was there when the source was made. */
async function changesOf(flags: ReplayFlags, settings: Settings): Promise<RecipeChanges> {
  const { temperature, maxOutputTokens, minScore, maxRevisions, prompts } = settings;
  return {
    ...(flags.model === undefined ? {} : { models: modelsIn(flags.model) }),
    ...(flags.temperature === undefined ? {} : { temperature }),
    ...(flags.maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(flags.prompts === undefined ? {} : { prompts: await promptsOfBoth(prompts) }),
    ...(flags.minScore === undefined ? {} : { minScore }),
    ...(flags.maxRevisions === undefined ? {} : { maxRevisions }),
  };
}

export function laneName(text: string): LaneName {
  const parsed = laneNameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(
    `Expected a name of a-z, 0-9 and -, at most 63 long; got ${text.slice(0, 80)}.`,
  );
}

export function stageName(text: string): StageName {
  return stageFlag(stageNames(), text);
}

export function replayMode(text: string): ReplayMode {
  const found = REPLAY_MODES.find((each) => each === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Expected one of ${REPLAY_MODES.join(', ')}; got ${text}.`);
}

export function statusList(text: string): readonly Status[] {
  return text
    .split(',')
    .map((name) => stageFlag(statuses(), name.trim()))
    .toSorted();
}
