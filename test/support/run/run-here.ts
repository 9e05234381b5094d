import type { z } from 'zod';
import type { Asked } from '../../../src/features/questions/intake.ts';
import { type RunOptions, type RunSummary, runQuestions } from '../../../src/features/run/run.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { questionText } from './question-files.ts';

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

/** A run from start to end in this process. */
export async function runHere(
  settings: z.input<typeof settingsSchema>,
  options: Omit<RunOptions, 'input'>,
  onNotice?: (text: string) => void,
): Promise<RunSummary> {
  const parsed = settingsSchema.parse(settings);
  const session = await openSession({ settings: parsed, redo: options.redo, shadows: true, onNotice });
  try {
    return await runQuestions(session, { input: 'test', ...options });
  } finally {
    await session.close();
  }
}
