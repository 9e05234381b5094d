import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import { isCommitted } from '../../streams/log/is-committed.ts';
import type { Log, Offset } from '../../streams/log/log.ts';

type Decided = Readonly<{
  engine: Readonly<{ log: Pick<Log, 'endOffsets' | 'committedOffsets'> }>;
  namespace: string;
}>;

/**
 * Looks whether everything that people had decided when this was called has come to its end: held questions are at an end, so
 * a run about them alone would be over before its own workers had read a single decision.
 */
export async function decidedBefore({ engine, namespace }: Decided): Promise<() => Promise<boolean>> {
  const { log } = engine;
  const topics = topicsOf(namespace);
  const reading = (stage: 'verdicts' | 'storage', until: ReadonlyMap<number, Offset>) =>
    isCommitted(log, { topic: topics[stage], group: groupOf(namespace, stage), until });
  const decided = await log.endOffsets(topics.verdicts);
  if ([...decided.values()].every((end) => end === 0n)) return async () => true;
  let stored: ReadonlyMap<number, Offset> | undefined;
  return async () => {
    if (stored === undefined && !(await reading('verdicts', decided))) return false;
    // A decision's own record went to storage before the decision was committed.
    stored ??= await log.endOffsets(topics.storage);
    return reading('storage', stored);
  };
}
