import { isUnsettled } from '../../../../src/stages/store/cleanup.ts';
import type { HeldQuestions, Holdings, QuestionQuery } from '../../../../src/stages/store/forgotten.ts';
import { questionKey } from '../../../../src/stages/store/question-key.ts';
import { type Cleaned, Cleanup } from '../../../../src/stages/store/repositories/cleanup.ts';
import type { QuestionId, WorkKey } from '../../../../src/streams/work/work.ts';
import type { MemoryRow } from './tables.ts';
import { ENDINGS, type QuestionOfLane, type World } from './world.ts';

type Row = MemoryRow;

/** Deletes what passes, and says how many. */
function drop<T>(map: Map<string, T>, passes: (value: T, key: string) => boolean): number {
  const keys = [...map].filter(([key, value]) => passes(value, key)).map(([key]) => key);
  for (const key of keys) map.delete(key);
  return keys.length;
}

/** What is held of questions. */
export class MemoryHeldQuestions implements HeldQuestions {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async erase(ids: readonly QuestionId[]): Promise<Holdings> {
    drop(this.#world.tables.rows('evidence_uses'), (row) => ids.some((id) => id === row['questionId']));
    return this.#each(ids, drop);
  }

  async shred(): Promise<'later'> {
    return 'later';
  }

  async find(query: QuestionQuery): Promise<readonly QuestionId[]> {
    const found =
      query.kind === 'run'
        ? this.#world.askedBy(query.run)
        : [...this.#world.questions.values()].filter(({ question }) => question.topic === query.topic);
    return [...new Set(found.map(({ questionId }) => questionId))];
  }

  async holdings(ids: readonly QuestionId[]): Promise<Holdings> {
    return this.#each(ids, (map, passes) => [...map].filter(([key, value]) => passes(value, key)).length);
  }

  #each(ids: readonly QuestionId[], act: typeof drop): Holdings {
    const { tables, outcomes, works, submissions, questions } = this.#world;
    const isMeant = (id: unknown) => ids.some((each) => each === id);
    const ofKey = (key: string) => isMeant(key.split('/')[1]);
    const rows = (name: string) =>
      act(tables.rows(name), (row: Row) => isMeant(row['questionId']) || isMeant(row['key']));
    const ended = ENDINGS.map((ending) => act(outcomes[ending], (_, key) => ofKey(key)));
    return {
      works: act(works, (_, key) => ofKey(key)) + rows('decisions') + rows('shadow_verdicts'),
      examples: ended.reduce((sum, each) => sum + each, rows('desk')),
      deadLetters: rows('dead_letters'),
      submissions: act(submissions, ({ questionId }) => isMeant(questionId)),
      questions: act(questions, ({ questionId }) => isMeant(questionId)),
    };
  }
}

/** What is old and settled. */
export class MemoryCleanup extends Cleanup {
  readonly #world: World;

  constructor(world: World, store: Cleaned) {
    super(world.tables, store);
    this.#world = world;
  }

  async countOldSteps(before: Date): Promise<number> {
    return this.#stepped(before).size;
  }

  async dropOldSteps(before: Date): Promise<number> {
    const stepped = this.#stepped(before);
    for (const work of this.#world.works.values()) if (stepped.has(questionKey(work.key))) work.steps = [];
    return stepped.size;
  }

  async dropStepsOf(of: Pick<WorkKey, 'lane' | 'questionId'>): Promise<void> {
    for (const work of this.#world.works.values())
      if (questionKey(work.key) === questionKey(of)) work.steps = [];
  }

  #stepped(before: Date): ReadonlySet<string> {
    const deadLetters = [...this.#world.tables.rows('dead_letters').values()];
    const isOpen = ({ lane, questionId }: QuestionOfLane) =>
      deadLetters.some(
        (row) => row['lane'] === lane && row['questionId'] === questionId && row['state'] !== 'closed',
      );
    const keys = [...this.#world.works.values()]
      .filter(({ steps }) => steps.length > 0)
      .map(({ key }) => questionKey(key));
    const isOld = (key: string) => {
      const question = this.#world.questions.get(key);
      if (question === undefined || isUnsettled(question.status) || isOpen(question)) return false;
      return question.updatedMs < before.getTime();
    };
    return new Set(keys.filter(isOld));
  }

  /** Counts are sums over what stands. */
  protected async dropBeside(): Promise<void> {}
}
