import { shownByStep } from '../../../stages/evidence/shown-by-step.ts';
import type { Research } from '../../../stages/example.ts';
import type { CleanupRepository } from '../../../stages/store/cleanup.ts';
import type { EvidenceRepository, EvidenceUse } from '../../../stages/store/evidence-repository.ts';
import { Failure, NO_USAGE } from '../../../streams/failure.ts';
import type { Step } from '../../../streams/work/step.ts';
import type {
  Attempt,
  Completed,
  Finished,
  HeldWork,
  LaneName,
  QuestionId,
  Token,
  WorkId,
  WorkKey,
  WorkStore,
} from '../../../streams/work/work.ts';

const TAKEN_BACK = 'source_forgotten';
/** Whoever finds what is forgotten again and again has to be told. */
const MOST_TAKEN_BACK = 2;

/**
 * Keeps what research rests on before it keeps the research, and takes none that rests on a forgotten source. Who forgets marks the
 * source first and looks for its uses then; who completes notes the use first and looks for marks then: one of them sees the other.
 * What a step shows is noted as well: research that only saw what is forgotten stays, and its steps go.
 */
export class EvidenceStore implements WorkStore<Research> {
  readonly #works: WorkStore<Research>;
  readonly #evidence: EvidenceRepository;
  readonly #cleanup: Pick<CleanupRepository, 'dropStepsOf'>;

  constructor(
    works: WorkStore<Research>,
    evidence: EvidenceRepository,
    cleanup: Pick<CleanupRepository, 'dropStepsOf'>,
  ) {
    this.#works = works;
    this.#evidence = evidence;
    this.#cleanup = cleanup;
  }

  async complete(held: HeldWork, finished: Finished<Research>): Promise<Completed> {
    const completed = await this.#complete(held, finished);
    if (completed === 'stored' && finished.stepped === true && (await this.#sawForgotten(held.workId)))
      await this.#cleanup.dropStepsOf(questionOf(held.workId));
    return completed;
  }

  async #complete(held: HeldWork, finished: Finished<Research>): Promise<Completed> {
    const uses = usesOf(held.workId, finished.result);
    if (uses.length === 0) return this.#works.complete(held, finished);
    await this.#evidence.note(uses);
    const gone = await this.#evidence.forgottenAmong(uses.map(({ source }) => source));
    return gone.length === 0 ? this.#works.complete(held, finished) : this.#takeBack(held, finished);
  }

  find(key: WorkKey) {
    return this.#works.find(key);
  }

  claim(key: WorkKey) {
    return this.#works.claim(key);
  }

  takeOver(key: WorkKey, seen: Readonly<{ token: Token; renewal: number }>) {
    return this.#works.takeOver(key, seen);
  }

  renew(held: readonly HeldWork[]) {
    return this.#works.renew(held);
  }

  release(held: HeldWork) {
    return this.#works.release(held);
  }

  recordAttempt(held: HeldWork, attempt: Attempt) {
    return this.#works.recordAttempt(held, attempt);
  }

  steps(workId: WorkId) {
    return this.#works.steps(workId);
  }

  async appendStep(held: HeldWork, step: Step) {
    const shown = shownBy(held.workId, step);
    if (shown.length > 0) await this.#evidence.note(shown);
    return this.#works.appendStep(held, step);
  }

  dropSteps(held: HeldWork) {
    return this.#works.dropSteps(held);
  }

  bury(held: HeldWork, key: WorkKey) {
    return this.#works.bury(held, key);
  }

  markPublished(workIds: readonly WorkId[]) {
    return this.#works.markPublished(workIds);
  }

  async #sawForgotten(workId: WorkId): Promise<boolean> {
    const shown = (await this.#works.steps(workId)).flatMap((step) => shownBy(workId, step));
    if (shown.length === 0) return false;
    return (await this.#evidence.forgottenAmong(shown.map(({ source }) => source))).length > 0;
  }

  /** What was paid is kept, and not a word of the answer. */
  async #takeBack(held: HeldWork, { attempts, stepped }: Finished<Research>): Promise<'void'> {
    if (attempts.filter(({ code }) => code === TAKEN_BACK).length >= MOST_TAKEN_BACK)
      throw new Failure('poison', TAKEN_BACK, AGAIN);
    const last = attempts.at(-1);
    if (last !== undefined) {
      const facts = { outcome: 'content', code: TAKEN_BACK, message: FORGOTTEN, reply: '' } as const;
      // What a step cost was counted when it was kept.
      const counted = stepped === true ? { usage: NO_USAGE, costUsd: 0 } : {};
      await this.#works.recordAttempt(held, { ...last, ...facts, ...counted });
    }
    if (stepped === true) await this.#works.dropSteps(held);
    await this.#works.release(held);
    return 'void';
  }
}

const FORGOTTEN = 'A source that the answer quotes was forgotten meanwhile: the question is asked anew.';
const AGAIN =
  'Answers quote a source that was forgotten, again and again: it can be found still. Take it out.';

function usesOf(workId: WorkId, { evidence = [] }: Research): readonly EvidenceUse[] {
  const of = questionOf(workId);
  return evidence
    .filter(({ kind }) => kind !== 'context')
    .map(({ source, contentHash, passageHash }) => ({
      source,
      contentHash,
      passageHash,
      cited: true,
      ...of,
    }));
}

/** One for each source of which a step shows anything. */
function shownBy(workId: WorkId, step: Step): readonly EvidenceUse[] {
  const of = questionOf(workId);
  return [...shownByStep(step)].map(([source, contentHash]) => ({
    ...{ source, contentHash, passageHash: '', cited: false },
    ...of,
  }));
}

function questionOf(workId: WorkId): Readonly<{ lane: LaneName; questionId: QuestionId }> {
  const [, questionId = '', lane = ''] = workId.split('/').reverse().slice(1);
  return { lane: lane as LaneName, questionId: questionId as QuestionId };
}
