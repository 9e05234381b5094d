import type { Engine } from '../../../infra/engines/engine.ts';
import { openEngine } from '../../../infra/engines/open-engine.ts';
import { cutText, EMPTIED_MEND, lostRecords, missingQuestions } from '../losses.ts';
import { STRANDED_MEND, strandedCount, strandedText } from '../stranded.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** Of each partition so many of the oldest questions are looked for in the store: a database that was dropped has lost these. */
const LOOKED_AT = 50n;

/** Whether every question goes on, on Kafka and MongoDB. */
export const questions: Check = {
  name: 'questions',
  look: async ({ settings, namespace }) => {
    if (settings.kafka === undefined || settings.mongo === undefined) return [];
    await using engine = await openEngine({ settings, namespace, mode: 'read' });
    const count = await strandedCount(engine, namespace);
    return [
      count === 0 ? ok('no question stands still') : warning(strandedText(count), STRANDED_MEND),
      ...(await cuts(engine, namespace)),
      ...(await missing(engine, namespace)),
    ];
  },
};

async function cuts(engine: Engine, namespace: string) {
  const found = await lostRecords(engine, namespace);
  return found.map((cut) => failed(cutText(cut), 'millrace ingest FILE, then millrace repair'));
}

async function missing(engine: Engine, namespace: string) {
  let count = 0;
  const looked = await missingQuestions(engine, { namespace, most: LOOKED_AT }, async () => {
    count += 1;
  });
  if (count === 0) return [];
  const text = `${count} of the ${looked} oldest questions that were stored are not in the database ${namespace}: it was dropped or put back`;
  return [failed(text, EMPTIED_MEND)];
}
