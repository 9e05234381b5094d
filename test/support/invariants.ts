import { causality, counting, overtaking, uniqueness } from './invariants/always.ts';
import { conservation, ledger, liveness, oneEnd } from './invariants/at-quiet.ts';
import { embeddedFacts } from './invariants/embedded-facts.ts';
import { evidence, forgottenSources } from './invariants/evidence.ts';
import type { RunFacts } from './invariants/facts.ts';
import { answersKept, steps } from './invariants/steps.ts';
import { World } from './invariants/world.ts';

export type CheckOptions = Readonly<{
  namespace?: string;
  /** What the model server saw: calls that were started, and how many of them a kill may have cost. */
  calls?: Readonly<{ started: number; lostToKills?: number }>;
  /** The same of a server that tools ask. */
  lookUps?: Readonly<{ started: number; lostToKills?: number }>;
}>;

/**
 * What a data directory holds against the promises of the design's section 4 once all is quiet: one line per
 * violation. Kept promises give an empty list.
 */
export async function violations(data: string, options: CheckOptions = {}): Promise<string[]> {
  return violationsIn(await embeddedFacts(data, options.namespace ?? 'millrace'), options);
}

/** The same for facts from wherever. */
export function violationsIn(
  facts: RunFacts,
  { calls, lookUps }: Omit<CheckOptions, 'namespace'> = {},
): string[] {
  const world = new World(facts);
  return [
    ...atAllTimes(world),
    ...[conservation, oneEnd, ledger, liveness, evidence, forgottenSources].flatMap((check) => check(world)),
    ...(calls === undefined ? [] : cost(world.facts, calls.started, calls.lostToKills ?? 0)),
    ...(lookUps === undefined ? [] : lookUpCost(world.facts, lookUps.started, lookUps.lostToKills ?? 0)),
  ];
}

/** The promises that hold at every moment: for a data directory whose process was killed. */
export async function violationsAtAnyTime(data: string, namespace = 'millrace'): Promise<string[]> {
  return atAllTimes(new World(await embeddedFacts(data, namespace)));
}

/** Those that can be seen while stages are at work, in facts of which commits were read first and the store last. */
export function violationsAtWork(facts: RunFacts): string[] {
  const world = new World(facts);
  return [overtaking, causality].flatMap((check) => check(world));
}

function atAllTimes(world: World): string[] {
  return [overtaking, causality, uniqueness, counting, steps].flatMap((check) => check(world));
}

/** Every look-up is a step, a failed attempt, or was in flight when the process was killed. */
function lookUpCost({ steps: all, tally }: RunFacts, started: number, lostToKills: number): string[] {
  const kept = all.filter(({ key }) => /^(search|result)\//.test(key)).length + tally.failedAttempts;
  if (started - kept <= lostToKills) return [];
  return [`cost: ${started} look-ups for ${kept} steps and failed attempts, ${lostToKills} lost to kills`];
}

/** Every call is a finished work or a step of one, a failed attempt, or was in flight when the process was killed. */
function cost(facts: RunFacts, started: number, lostToKills: number): string[] {
  const { failedAttempts } = facts.tally;
  const answers = answersKept(facts);
  const kept = answers + failedAttempts;
  if (started < kept) return [`cost: ${kept} answers and failed attempts from ${started} calls`];
  if (started - kept <= lostToKills) return [];
  return [
    `cost: ${started} calls for ${answers} answers and ${failedAttempts} failed attempts, ${lostToKills} lost to kills`,
  ];
}
