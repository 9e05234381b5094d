import { agentStages } from '../../../src/stages/stage-names.ts';
import type { Message, World } from './world.ts';

const isAgent = (stage: string) => agentStages().some((name) => name === stage);

/** Below a stage's committed offset everything has come to its end. */
export function overtaking(world: World): string[] {
  return ['questions', ...agentStages(), 'verdicts', 'storage'].flatMap((stage) => {
    const { committed, ends, topic } = world.topic(stage);
    const ahead = [...committed].filter(([partition, offset]) => offset > (ends.get(partition) ?? 0n));
    const unsettled = world
      .messages(stage)
      .filter(({ record }) => record.offset < (committed.get(record.partition) ?? 0n))
      .filter((message) => !isSettled(world, stage, message));
    return [
      ...ahead.map(
        ([partition, offset]) => `overtaking: ${topic}:${partition} is committed at ${offset}, past its end`,
      ),
      ...unsettled.map(({ place }) => `overtaking: ${place} is below the committed offset and has no end`),
    ];
  });
}

function isSettled(world: World, stage: string, { record, place, about }: Message): boolean {
  // A tombstone: what stood there was forgotten, and nothing is to be done.
  if (record.value === null) return true;
  if (about === undefined) return world.hasDeadLetter(place);
  const { lane, questionId, revision } = about;
  if (stage === 'questions') return world.knows(lane, questionId);
  if (stage === 'verdicts')
    return world.isDecided(lane, questionId, revision) || deadLetterOf(world, stage, about);
  if (stage === 'storage') return world.hasEnd(lane, questionId) || deadLetterOf(world, stage, about);
  const state = world.stateOf(lane, questionId, stage, revision);
  return state === 'done' || state === 'dead';
}

function deadLetterOf(
  world: World,
  stage: string,
  { lane, questionId, revision }: NonNullable<Message['about']>,
): boolean {
  return world.hasDeadLetter(`${lane}/${questionId}/${stage}/${revision}`);
}

/** A message on the topic of stage n + 1 implies a stored result of stage n. */
export function causality(world: World): string[] {
  const missing = (stage: string, has: (about: NonNullable<Message['about']>) => boolean) =>
    world
      .messages(stage)
      .filter(({ about }) => about !== undefined && !has(about))
      .map(({ place }) => `causality: ${place} has no stored result of the stage before ${stage}`);
  const done = (
    stage: string,
    { lane, questionId }: { lane: string; questionId: string },
    revision: number,
  ) => world.stateOf(lane, questionId, stage, revision) === 'done';
  const decidedBefore = ({ lane, questionId, revision }: NonNullable<Message['about']>) =>
    world.isDecided(lane, questionId, revision - 1);
  return [
    ...missing('research', ({ lane, questionId }) => world.knows(lane, questionId)),
    ...missing('generation', (about) =>
      about.revision === 0 ? done('research', about, 0) : done('review', about, about.revision - 1),
    ),
    ...missing('review', (about) => done('generation', about, about.revision)),
    ...missing('storage', (about) => done('review', about, about.revision) || decidedBefore(about)),
    ...missing('dataset', ({ lane, questionId }) => world.hasEnd(lane, questionId)),
  ];
}

/** No work has two results: whatever was published of one is the same, and no question has two ends. */
export function uniqueness(world: World): string[] {
  const problems: string[] = [];
  for (const stage of ['research', 'generation', 'review', 'storage', 'dataset']) {
    const bodies = new Map<string, string>();
    for (const { about, place } of world.messages(stage)) {
      if (about === undefined) continue;
      const key = `${about.lane}/${about.questionId}/${about.revision}`;
      const first = bodies.get(key) ?? about.body;
      bodies.set(key, first);
      if (first !== about.body)
        problems.push(`uniqueness: ${place} differs from an earlier record of ${key}`);
    }
  }
  const seen = new Set<string>();
  for (const { lane, questionId } of world.facts.ends) {
    const key = `${lane}/${questionId}`;
    if (seen.has(key)) problems.push(`uniqueness: ${key} has two ends`);
    seen.add(key);
  }
  const works = world.facts.works.map(
    ({ lane, questionId, stage, revision }) => `${lane}/${questionId}/${stage}/${revision}`,
  );
  if (new Set(works).size !== works.length) problems.push('uniqueness: a work has two results');
  return problems;
}

/** The numbers that people watch are those of a recount. */
export function counting({ facts }: World): string[] {
  const problems: string[] = [];
  for (const [lane, counts] of facts.counts) {
    for (const [status, count] of Object.entries(counts)) {
      const recount = facts.questions.filter((each) => each.lane === lane && each.status === status).length;
      if (recount !== count) problems.push(`counting: ${lane} says ${count} ${status}, a recount ${recount}`);
    }
  }
  const { done, dead } = facts.tally;
  const stored = facts.works.filter(({ stage, state }) => isAgent(stage) && state === 'done').length;
  if (stored !== done) problems.push(`counting: the tallies say ${done} works done, a recount ${stored}`);
  const buried = facts.works.filter(({ state }) => state === 'dead').length;
  // A redrive may bring a dead work back.
  if (buried > dead) problems.push(`counting: the tallies say ${dead} dead works, a recount ${buried}`);
  return problems;
}
