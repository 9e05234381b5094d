import { randomUUID } from 'node:crypto';
import { lastValueFrom } from 'rxjs';
import type { Override } from '../../stages/agent/override.ts';
import type { LaneStage } from '../../stages/lanes/recipe.ts';
import { stageNamed } from '../../stages/stage-names.ts';
import { statusBefore } from '../../stages/status.ts';
import type { DeadLetterQuery, SeenDeadLetter } from '../../stages/store/dead-letter-repository.ts';
import type { Store } from '../../stages/store/store.ts';
import { isCut } from '../../streams/delivery/cut-dead-letter.ts';
import type { StoredDeadLetter } from '../../streams/delivery/dead-letter.ts';
import type { Log } from '../../streams/log/log.ts';
import { delayUnless, isStopping } from '../../streams/stop.ts';
import { RENEW_MS } from '../../streams/work/leases.ts';
import type { LaneName, Token } from '../../streams/work/work.ts';
import { AbandonedDeadLetters, LOOK_MS } from './abandoned-dead-letters.ts';
import { type RedrivenRecord, redrivenRecord } from './redriven-record.ts';

export type RedrivePorts = Readonly<{ store: Store; log: Log; stop: AbortSignal }>;

export type RedriveOptions = Readonly<{
  query: DeadLetterQuery;
  override?: Override | undefined;
  /** Counts the questions as asked for by this run, from this position on. */
  run?: Readonly<{ id: string; firstPosition: number }> | undefined;
  /** Hears of dead letters that another operator is sending, before they are waited for. */
  onOthers?: ((count: number) => void) | undefined;
  /** Hears of dead letters that are not sent, because they hold their record in part. */
  onCut?: ((count: number) => void) | undefined;
}>;

/** What was sent. `by` names the operator, for `store.deadLetters.outcome`. */
export type Sent = Readonly<{ by: Token; deadLetters: number; questions: number }>;

const BATCH = 100;

/**
 * Sends dead letters again, each by one operator alone. Which ones are meant is pinned at the start: what dies again is not
 * sent again. Per dead letter: take, publish, reopen the question, mark as sent, in that order. A crash in between leaves the
 * dead letter to the next operator, who sends it under the same drive: the claim of its work drops the second record.
 */
export async function redrive(ports: RedrivePorts, options: RedriveOptions): Promise<Sent> {
  const { deadLetters } = ports.store;
  const by = randomUUID() as Token;
  const sender = new Sender(ports, options, by);
  const seen: SeenDeadLetter[] = [];
  const others = new AbandonedDeadLetters(deadLetters, by);
  let cut = 0;
  for await (const deadLetter of deadLetters.list({ ...options.query, lives: ['open', 'redriving'] })) {
    const { id, drive, life } = deadLetter;
    if (isCut(deadLetter)) cut += 1;
    else if (life.kind === 'redriving') others.add(id);
    else seen.push({ id, drive });
  }
  if (cut > 0) options.onCut?.(cut);
  const lease = setInterval(() => void deadLetters.renew(by).catch(() => undefined), RENEW_MS);
  try {
    for (let from = 0; from < seen.length && !ports.stop.aborted; from += BATCH)
      await sender.sendAll(await deadLetters.take(by, seen.slice(from, from + BATCH)));
    if (others.count > 0) options.onOthers?.(others.count);
    while (others.count > 0) {
      await lastValueFrom(delayUnless(ports.stop, LOOK_MS));
      await sender.sendAll(await others.look(options.query, performance.now()));
    }
  } catch (error) {
    if (!isStopping(error)) throw error;
  } finally {
    clearInterval(lease);
    await deadLetters.release(by).catch(() => undefined);
  }
  return { by, ...sender.sent };
}

class Sender {
  readonly #lanes = new Map<LaneName, Promise<readonly LaneStage[]>>();
  readonly #ports: RedrivePorts;
  readonly #options: RedriveOptions;
  readonly #by: Token;
  #deadLetters = 0;
  #questions = 0;

  constructor(ports: RedrivePorts, options: RedriveOptions, by: Token) {
    this.#ports = ports;
    this.#options = options;
    this.#by = by;
  }

  get sent(): Readonly<{ deadLetters: number; questions: number }> {
    return { deadLetters: this.#deadLetters, questions: this.#questions };
  }

  async sendAll(deadLetters: readonly StoredDeadLetter[]): Promise<void> {
    if (deadLetters.length === 0) return;
    await Promise.all(deadLetters.map((deadLetter) => this.#send(deadLetter)));
    await this.#ports.store.deadLetters.markSent(
      this.#by,
      deadLetters.map(({ id }) => id),
    );
  }

  /** Those that the lane has beside ours. */
  #stagesOf(lane: LaneName): Promise<readonly LaneStage[]> {
    const known =
      this.#lanes.get(lane) ?? this.#ports.store.lanes.get(lane).then((found) => found?.recipes.stages ?? []);
    this.#lanes.set(lane, known);
    return known;
  }

  async #accept(
    { work, question }: NonNullable<RedrivenRecord['about']>,
    { id, firstPosition }: NonNullable<RedriveOptions['run']>,
  ): Promise<void> {
    const position = firstPosition + this.#questions;
    this.#questions += 1;
    await this.#ports.store.questions.accept(work, question, { run: id, position });
  }

  async #send(deadLetter: StoredDeadLetter): Promise<void> {
    const { store, log } = this.#ports;
    const { run, override } = this.#options;
    const { record, about } = redrivenRecord(deadLetter, override);
    const stage = stageNamed(deadLetter.stage);
    this.#deadLetters += 1;
    if (about !== undefined && run !== undefined) await this.#accept(about, run);
    await log.publish(deadLetter.topic, [record]);
    if (about !== undefined && stage !== undefined)
      await store.move({
        work: about.work,
        status: statusBefore(stage, await this.#stagesOf(about.work.lane)),
      });
  }
}
