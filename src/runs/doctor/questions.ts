import { openEngine } from '../../infra/open-engine.ts';
import { STRANDED_MEND, strandedCount, strandedText } from '../stranded.ts';
import { type Check, ok, warning } from './check.ts';

/** Whether every question goes on, on Kafka and MongoDB. */
export const questions: Check = {
  name: 'questions',
  look: async ({ settings, namespace }) => {
    if (settings.kafka === undefined || settings.mongo === undefined) return [];
    const engine = await openEngine({ settings, namespace, mode: 'read' });
    try {
      const count = await strandedCount(engine, namespace);
      return [count === 0 ? ok('no question stands still') : warning(strandedText(count), STRANDED_MEND)];
    } finally {
      await engine.close();
    }
  },
};
