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
import { redrivenRecord } from './redriven-record.ts';

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
  const sender = senderOf(ports, options, by);
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

/** Sends what was taken, in the order that makes a crash harmless, and counts it. */
function senderOf({ store, log }: RedrivePorts, { run, override }: RedriveOptions, by: Token) {
  const sent = { deadLetters: 0, questions: 0 };
  const lanes = new Map<LaneName, Promise<readonly LaneStage[]>>();
  /** Those that the lane has beside ours. */
  const stagesOf = (lane: LaneName) => {
    const known = lanes.get(lane) ?? store.lanes.get(lane).then((found) => found?.recipes.stages ?? []);
    lanes.set(lane, known);
    return known;
  };
  const send = async (deadLetter: StoredDeadLetter) => {
    const { record, about } = redrivenRecord(deadLetter, override);
    const stage = stageNamed(deadLetter.stage);
    sent.deadLetters += 1;
    if (about !== undefined && run !== undefined) {
      const position = run.firstPosition + sent.questions;
      sent.questions += 1;
      await store.questions.accept(about.work, about.question, { run: run.id, position });
    }
    await log.publish(deadLetter.topic, [record]);
    if (about === undefined || stage === undefined) return;
    await store.move({ work: about.work, status: statusBefore(stage, await stagesOf(about.work.lane)) });
  };
  const sendAll = async (deadLetters: readonly StoredDeadLetter[]) => {
    if (deadLetters.length === 0) return;
    await Promise.all(deadLetters.map(send));
    const ids = deadLetters.map(({ id }) => id);
    await store.deadLetters.markSent(by, ids);
  };
  return { sent, sendAll };
}
