import { lookEvery } from '../../streams/look-every.ts';
import { repairStranded, strandedCount, strandedText } from '../upkeep/stranded.ts';
import type { Session } from './session/session.ts';

const LOOK_MS = 3_000;

/**
 * Looks after questions that stand still, while a run waits for its own: what is found at two looks in a row goes on from what is
 * stored, and a person is told. Ends with the returned function.
 */
export function watchStranded(
  session: Session,
  onNotice: (text: string) => void,
  lookMs = LOOK_MS,
): () => void {
  let before = 0;
  const { stop } = lookEvery(lookMs, async () => {
    const now = await strandedCount(session.engine, session.namespace);
    const found = now > 0 && now === before;
    before = now;
    if (!found) return;
    onNotice(`${strandedText(now)}. They go on: republished from what is stored.`);
    await repairStranded(session);
    before = 0;
  });
  return () => void stop();
}
