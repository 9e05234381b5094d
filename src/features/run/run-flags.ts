import { InvalidArgumentError } from 'commander';
import { stageFlag } from '../../infra/config/flags/stage-flag.ts';
import { share } from '../../infra/config/hold-settings.ts';
import { type AgentStage, agentStages } from '../../stages/stage-names.ts';
import type { InputFlags } from '../questions/input-flags.ts';
import type { PageFlags } from '../serve/serve-page.ts';
import type { Target, TargetScope } from './target/target.ts';

/** The flags of `millrace run` that are no settings. */
export type RunFlags = Readonly<{
  maxQuestions?: number;
  redo?: AgentStage;
  newRecipe?: true;
  retryFailed?: boolean;
  target?: number;
  targetPer?: TargetScope;
  /** `true` where no number was given. */
  estimate?: number | true;
  /** The largest share of bad lines in the first 1,000 with which a run starts. */
  maxBad: number;
  json?: boolean;
  quiet?: boolean;
}> &
  InputFlags &
  PageFlags;

const USUAL_SAMPLE = 5;

/** What makes no sense together, as a person reads it. */
export function runContradictionIn(file: string | undefined, flags: RunFlags): string | undefined {
  const { target, targetPer, estimate, maxQuestions, redo, retryFailed } = flags;
  if (target === undefined && targetPer !== undefined) return 'How many of each? Say it with --target 500.';
  if (redo !== undefined && maxQuestions !== undefined)
    return 'Either --max-questions or --redo: a redo works every question of its input again.';
  if (target === undefined && estimate === undefined) return undefined;
  const flag = target === undefined ? '--estimate' : '--target';
  if (file === undefined) return `${flag} needs questions: millrace run questions.jsonl ${flag} 500`;
  if (redo !== undefined) return `Either ${flag} or --redo: a redo works every question of its input again.`;
  if (estimate === undefined) return undefined;
  if (target !== undefined) return 'Either --estimate or --target: estimate first, then run with the target.';
  return retryFailed === true ? 'Either --estimate or --retry-failed.' : undefined;
}

export function targetOf({ target, targetPer: per }: RunFlags): Target | undefined {
  return target === undefined ? undefined : { approved: target, per };
}

export function sampleSizeOf({ estimate }: RunFlags): number | undefined {
  return estimate === true ? USUAL_SAMPLE : estimate;
}

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError(`Expected a whole number from 1, got ${text}.`);
  return Number(text);
}

export function shareOf(text: string): number {
  const parsed = share.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`Expected a share from 0% to 100%, got ${text}.`);
}

export function agent(text: string): AgentStage {
  return stageFlag(agentStages(), text);
}
