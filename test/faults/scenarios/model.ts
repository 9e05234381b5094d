import { expect } from 'vitest';
import type { ScriptInput, Fault as Spoilt } from '../../support/llm/scripted-llm-script.ts';
import { questionText } from '../../support/run/question-files.ts';
import { BadLink } from '../faults/bad-link.ts';
import { BadModel } from '../faults/bad-model.ts';
import { SlowQuestion } from '../faults/slow-question.ts';
import type { Row } from '../table.ts';
import { BOTH, HEALTHY, type Scenario } from './scenario.ts';

const noDead = ({ dead }: Row) => expect(dead, 'dead letters').toBe(0);
const GARBAGE: ScriptInput = {
  ...HEALTHY,
  sequences: [
    { question: questionText(5), schema: 'candidate', faults: Array<Spoilt>(50).fill('malformed') },
  ],
};

function spoilt(name: Spoilt, share: number, calls: number, more: ScriptInput = {}) {
  const script = { ...HEALTHY, fractions: { [name]: share }, ...more };
  return new BadModel({ name, script, healthy: HEALTHY, until: { fault: name, calls } });
}

/** What a model server may do. */
export const modelScenarios: readonly Scenario[] = [
  {
    name: 'one call takes 20 s, the others go on',
    engines: BOTH,
    questions: 40,
    script: {
      ...HEALTHY,
      reject: { fraction: 0 },
      slowMs: 20_000,
      sequences: [{ question: questionText(0), faults: ['slow'] }],
    },
    pace: 1,
    faults: () => [new SlowQuestion()],
    expects: noDead,
  },
  {
    name: 'always garbage for one question',
    engines: BOTH,
    questions: 40,
    script: GARBAGE,
    faults: () => [],
    expects: ({ dead }) => expect(dead).toBe(1),
  },
  {
    name: 'model server answers 503 for 60 s',
    engines: BOTH,
    questions: 60,
    faults: () => [
      new BadModel({
        ...{ name: '503', script: { ...HEALTHY, fractions: { '503': 1 } }, healthy: HEALTHY },
        ...{ until: { fault: '503', calls: 5 }, lastsMs: 60_000 },
      }),
    ],
    expects: noDead,
  },
  {
    name: 'model server not there for 30 s',
    engines: BOTH,
    questions: 60,
    faults: () => [new BadLink('model', 'refused', 30_000)],
    expects: noDead,
  },
  {
    name: '429 with Retry-After, 4 workers',
    engines: BOTH,
    questions: 150,
    workers: 4,
    faults: () => [spoilt('429', 0.5, 60, { retryAfter: '1' })],
    expects: noDead,
  },
  {
    name: 'calls that are never answered',
    engines: BOTH,
    questions: 100,
    env: { MILLRACE_TIMEOUT_MS: '5000' },
    faults: () => [spoilt('hang', 0.2, 10)],
    expects: noDead,
  },
  {
    name: '5xx, malformed, truncated, cut',
    engines: BOTH,
    questions: 150,
    pace: 6,
    faults: () => (['500', 'malformed', 'truncated', 'cut'] as const).map((name) => spoilt(name, 0.2, 8)),
  },
  {
    name: 'slow, resetting and silent way to the model',
    engines: BOTH,
    questions: 60,
    pace: 6,
    env: { MILLRACE_TIMEOUT_MS: '5000' },
    faults: () => [
      new BadLink('model', 'latency', 5_000),
      new BadLink('model', 'reset', 0),
      new BadLink('model', 'black hole', 10_000),
    ],
  },
];
