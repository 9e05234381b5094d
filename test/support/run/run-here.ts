import type { z } from 'zod';
import type { Asked } from '../../../src/features/questions/question-record.ts';
import { type RunOptions, type RunSummary, runQuestions } from '../../../src/features/run/run.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { isSimulated } from '../../../src/infra/config/model/is-simulated.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { questionText } from './question-files.ts';

/** By itself it takes seconds for each call, as a model does. */
const AT_ONCE = 'latency=0ms';

/** So many questions, as they are asked. */
export async function* askedQuestions(count: number): AsyncGenerator<Asked> {
  for (let index = 0; index < count; index += 1)
    yield {
      question: {
        text: questionText(index),
        context: '',
        topic: 'physics',
        subTopic: '',
        trainingType: 'sft',
      },
      id: `q-${index}`,
    };
}

/** A run from start to end in this process. A simulated model answers at once, unless the settings say how it behaves. */
export async function runHere(
  settings: z.input<typeof settingsSchema>,
  options: Omit<RunOptions, 'input'>,
  onNotice?: (text: string) => void,
): Promise<RunSummary> {
  const given = settingsSchema.parse(settings);
  const parsed = isSimulated(given) && given.simulate === undefined ? { ...given, simulate: AT_ONCE } : given;
  const session = await openSession({ settings: parsed, redo: options.redo, shadows: true, onNotice });
  try {
    return await runQuestions(session, { input: 'test', ...options });
  } finally {
    await session.close();
  }
}
