import type { Provenance, Research, Review } from '../../../src/stages/example.ts';
import { GENERATION_PROMPT } from '../../../src/stages/generation/prompt.ts';
import { type Lane, MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { LaneCache } from '../../../src/stages/lanes/lane-cache.ts';
import type { Recipes } from '../../../src/stages/lanes/recipe.ts';
import type { Question } from '../../../src/stages/question.ts';
import { RESEARCH_PROMPT } from '../../../src/stages/research/prompt.ts';
import { REVIEW_PROMPT } from '../../../src/stages/review/prompt.ts';
import { topicsOf } from '../../../src/stages/stage-names.ts';
import type { AttemptContext, StageResult } from '../../../src/streams/delivery/stage.ts';
import type { OutgoingRecord } from '../../../src/streams/log/log.ts';
import { logRecord } from './records.ts';

export const topics = topicsOf('millrace');

export function questionOf(overrides: Partial<Question> = {}): Question {
  const labels = { context: '', topic: 'physics', subTopic: 'optics', trainingType: 'sft' };
  return { text: 'Why is the sky blue?', ...labels, ...overrides };
}

export const research: Research = {
  summary: 'Rayleigh scattering.',
  keyPoints: ['Blue scatters more.'],
  caveats: [],
};

export const candidate = { prompt: 'Why is the sky blue?', answer: 'Air scatters blue light more than red.' };

export const earlier: Provenance = {
  stage: 'research',
  revision: 0,
  model: 'fake',
  recipe: 'r1',
  usage: { input: 1, output: 1, cached: 0, reasoning: 0 },
  costUsd: 0.1,
  calls: 1,
};

export function reviewOf(verdict: Review['verdict'], overrides: Partial<Review> = {}): Review {
  const score = verdict === 'approved' ? 9 : 3;
  const scores = { correctness: { score, reason: 'because' }, clarity: { score: 9, reason: 'clear' } };
  return { scores, score, verdict, feedback: 'Say why.', ...overrides };
}

export const rubric = { correctness: 'True.', clarity: 'Readable.' };

export function recipes(overrides: Partial<Recipes['review']> = {}): Recipes {
  const settings = { model: 'fake' };
  const review = { settings, prompt: REVIEW_PROMPT, rubric, minScore: 7, maxRevisions: 2, ...overrides };
  return {
    research: { settings, prompt: RESEARCH_PROMPT },
    generation: { settings, prompt: GENERATION_PROMPT, instructions: {} },
    review,
  };
}

export function laneOf(overrides: Partial<Lane> = {}): Lane {
  const at = '2026-01-01T00:00:00.000Z';
  return { name: MAIN_LANE, recipes: recipes(), simulated: false, createdAt: at, ...overrides };
}

/** The lanes of a book that knows these. */
export function lanesOf(...known: readonly Lane[]): LaneCache {
  return new LaneCache({
    get: async (name) => known.find((lane) => lane.name === name),
    open: async (lane) => lane,
    put: async () => undefined,
  });
}

export const firstAttempt: AttemptContext = {
  number: 1,
  previous: undefined,
  signal: new AbortController().signal,
};

/** A message as the record of a topic. */
export const recordWith = (message: object) => logRecord({ value: JSON.stringify(message) });

/** The records that a decision publishes. */
function recordsOf(result: StageResult): readonly OutgoingRecord[] {
  return result.kind === 'emit' || result.kind === 'finish' ? result.records : [];
}

/** The one record that a decision publishes, as the next stage gets it. */
export function nextRecord(result: StageResult) {
  const [record, ...more] = recordsOf(result);
  if (record === undefined || more.length > 0) throw new RangeError('expected exactly one record');
  return logRecord({ key: record.key, value: record.value });
}
