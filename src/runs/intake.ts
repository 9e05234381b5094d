import type { Lane } from '../stages/lane.ts';
import { topicsOf } from '../stages/stage-names.ts';
import type { Log, Offset } from '../streams/log.ts';
import { Permits } from '../streams/permits.ts';
import { isStopping, type StopSignals } from '../streams/stop.ts';
import { type Asked, questionRecord } from './question-record.ts';

export type { Asked } from './question-record.ts';

export type IntakeOptions = Readonly<{
  log: Log;
  namespace: string;
  lane: Pick<Lane, 'name'>;
  run: string;
  stop: StopSignals;
  /** Takes no more than this. */
  maxQuestions?: number | undefined;
  /** Resolves when there is room for one more question: the back-pressure of an endless supply. */
  room?: (() => Promise<void>) | undefined;
}>;

export type Intake = Readonly<{
  /** Questions that were accepted by the log, the same one counted as often as it was asked. */
  published: number;
  /** End of the questions topic after the last of them: when stage 1 has committed this, it knows them all. */
  ends: ReadonlyMap<number, Offset>;
}>;

/** Publishes on their way at once. The adapters batch. */
const IN_FLIGHT = 500;

/** Publishes questions as they come. Resolves when the supply ends, `maxQuestions` is reached, or the run drains. */
export async function intake(asked: AsyncIterable<Asked>, options: IntakeOptions): Promise<Intake> {
  const { log, namespace, stop } = options;
  const topic = topicsOf(namespace).questions;
  const permits = new Permits(IN_FLIGHT, stop.aborted);
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  let published = 0;
  try {
    for await (const each of asked) {
      if (stop.draining.aborted || published === options.maxQuestions) break;
      await options.room?.();
      await Promise.race([permits.acquire(), failed.promise]);
      const record = questionRecord(each, { run: options.run, position: published, lane: options.lane.name });
      log.publish(topic, [record]).then(() => permits.release(), failed.reject);
      published += 1;
      if (published === options.maxQuestions) break;
    }
  } catch (error) {
    if (!isStopping(error)) throw error;
  }
  await Promise.race([untilAllReleased(permits), failed.promise]);
  return { published, ends: await log.endOffsets(topic) };
}

async function untilAllReleased(permits: Permits): Promise<void> {
  for (let count = 0; count < IN_FLIGHT; count += 1) await permits.acquire();
}
