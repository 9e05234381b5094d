import type { Logger } from 'pino';
import type { Settings } from '../infra/config/settings.ts';
import { SpillFiles } from '../infra/spill/spill-files.ts';
import type { Store } from '../stages/store.ts';
import { persistThrough } from '../streams/persist.ts';
import type { StopSignals } from '../streams/stop.ts';
import { UnsavedWrites } from '../streams/unsaved-writes.ts';
import { type Restored, storeSpilled } from './spilled-answers.ts';

type Where = Readonly<{ settings: Settings; namespace: string; store: Store; stop: StopSignals }>;

/** Stores what earlier processes could not, and is ready to keep what this one cannot. Waits while the store is away. */
export async function openSpill(
  { settings, namespace, store, stop }: Where,
  logger: Logger,
  onNotice: (text: string) => void,
): Promise<UnsavedWrites> {
  const where = { directory: settings.data, namespace };
  const persist = persistThrough(stop, (failure) => logger.error({ code: failure.code }, failure.message));
  const restored = await storeSpilled(where, store, persist);
  const said = textOf(restored);
  if (said !== undefined) {
    logger.info(said);
    onNotice(said);
  }
  const spill = new SpillFiles({
    ...where,
    onKept: (count, path) => {
      logger.error({ count, path }, 'paid answers could not be stored and were spilled');
      onNotice(
        `${count} paid answers could not be stored: they are in ${path}, and the next start stores them.`,
      );
    },
    onFailed: (count, reason) => {
      logger.fatal({ count, reason }, 'paid answers are lost');
      onNotice(`${count} paid answers are lost: ${reason}`);
    },
  });
  return new UnsavedWrites(spill, stop, restored.answers);
}

function textOf({ stored, dropped, atHand, damaged }: Restored): string | undefined {
  if (stored + dropped + atHand + damaged === 0) return undefined;
  const parts = [`${stored} stored`, `${dropped} superseded`, `${atHand} kept for later`];
  return `Answers that an earlier process could not store: ${[...parts, `${damaged} unreadable lines`].join(', ')}.`;
}
