import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { modelOf } from '../../infra/config/model/open-model.ts';
import { recipesOf } from '../../infra/config/recipes.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { Example } from '../../stages/example.ts';
import { generationRecipeFor, recipeHash, reviewRecipeFor } from '../../stages/lanes/recipe.ts';
import { type Question, questionIdOf } from '../../stages/question.ts';
import type { History, Store } from '../../stages/store/store.ts';
import { type RunSummary, runQuestions } from '../run/run.ts';
import { openSession } from '../run/session/open-session.ts';
import { drainOnSignals } from '../run/session/signals.ts';
import { type KeptCall, keepingCalls, keptCalls } from './kept-calls.ts';

/** What came of one question that was asked to try a type. */
export type Tried = Readonly<{
  summary: RunSummary;
  history: History | undefined;
  example: Example | undefined;
  /** All that were ever made for it; those of this time are the last. */
  calls: readonly KeptCall[];
  /** How many of them were made this time. */
  fresh: number;
  /** Where all of it is kept. */
  data: string;
}>;

/**
 * Works one question the whole way, in a folder of its own under `data`: it stands in no dataset, no count and no server. The same
 * again, with the same recipes, is read from there and costs nothing. Rejects as a run does.
 */
export async function tryType(
  settings: Settings,
  question: Question,
  note: (text: string) => void,
): Promise<Tried> {
  const alone = await settingsAlone(settings, question);
  await mkdir(alone.data, { recursive: true, mode: 0o700 });
  const file = join(alone.data, 'calls.jsonl');
  const before = (await keptCalls(file)).length;
  const model = keepingCalls(await modelOf(alone), file);
  const session = await openSession({ settings: alone, model, onNotice: note });
  const signals = drainOnSignals(session.stop, note);
  try {
    const summary = await runQuestions(session, { asked: [{ question }], input: 'types try' });
    const { store, lane } = { store: session.engine.store, lane: session.lane.name };
    const histories = await store.reports.histories(questionIdOf(question));
    const calls = await keptCalls(file);
    return {
      summary,
      history: histories.find((each) => each.lane === lane),
      example: await exampleIn(store, lane),
      calls,
      fresh: calls.length - before,
      data: alone.data,
    };
  } finally {
    signals.off();
    await session.close();
  }
}

/** Without servers, shadows and people to wait for, in a folder that the question and all that it is asked by name. */
async function settingsAlone(settings: Settings, question: Question): Promise<Settings> {
  const research = settings.research === 'none' ? 'none' : 'memory';
  const alone: Settings = {
    ...settings,
    ...{ kafka: undefined, mongo: undefined, engine: undefined, holdScores: undefined, holdShare: undefined },
    ...{ research, cite: false, shadows: {}, userTurn: 'verbatim' },
  };
  const recipes = await recipesOf(alone, { mode: research, userTurn: 'verbatim' });
  const type = question.trainingType;
  const asked = [
    recipeHash(recipes.research),
    recipeHash(generationRecipeFor(recipes, type)),
    recipeHash(reviewRecipeFor(recipes, type)),
    questionIdOf(question),
  ];
  const hash = createHash('sha256').update(asked.join()).digest('hex').slice(0, 12);
  return { ...alone, data: join(settings.data, 'tries', `${type}-${hash}`) };
}

async function exampleIn({ reports }: Store, lane: Parameters<Store['reports']['dataset']>[0]['lane']) {
  for (const verdict of ['approved', 'rejected'] as const)
    for await (const { example } of reports.dataset({ lane, verdict })) return example;
  return undefined;
}
