import { afterEach, describe, expect, it, vi } from 'vitest';
import { openSession } from '../../../../src/features/run/session/open-session.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { Budget } from '../../../../src/streams/budget/budget.ts';
import type { RunningStage } from '../../../../src/streams/delivery/run-stage.ts';
import { EndpointGate } from '../../../../src/streams/limits/endpoint-gate.ts';
import { fatal } from '../../../support/failures.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const start = vi.hoisted(() => ({
  stages: [] as RunningStage[],
  failsAtStage: Number.POSITIVE_INFINITY,
  failsAt: undefined as string | undefined,
}));

vi.mock(import('../../../../src/streams/delivery/run-stage.ts'), async (original) => {
  const { runStage } = await original();
  return {
    runStage: (...parts) => {
      if (start.stages.length === start.failsAtStage) throw fatal();
      const stage = runStage(...parts);
      start.stages.push(stage);
      return stage;
    },
  };
});

vi.mock(import('../../../../src/features/run/journal/open-journal.ts'), async (original) => {
  const { openJournal } = await original();
  return { openJournal: failing('the journal', openJournal) };
});

vi.mock(import('../../../../src/features/run/session/watch-pauses.ts'), async (original) => {
  const module = await original();
  return { ...module, watchPauses: failing('the pauses', module.watchPauses) };
});

vi.mock(import('../../../../src/features/run/progress/run-budget.ts'), async (original) => {
  const module = await original();
  return { ...module, budgetOf: failing('the budget', module.budgetOf) };
});

vi.mock(import('../../../../src/features/run/watchdogs/start-watchdogs.ts'), async (original) => {
  const { startWatchdogs } = await original();
  return { startWatchdogs: failing('the watchdogs', startWatchdogs) };
});

vi.mock(import('../../../../src/features/run/session/worker-state.ts'), async (original) => {
  const actual = await original();
  return { ...actual, showWorker: failing('the row of the worker', actual.showWorker) };
});

function failing<Parts extends unknown[], Opened>(step: string, open: (...parts: Parts) => Opened) {
  return (...parts: Parts): Opened => {
    if (start.failsAt === step) throw fatal();
    return open(...parts);
  };
}

afterEach(() => {
  vi.restoreAllMocks();
  start.stages.length = 0;
  start.failsAtStage = Number.POSITIVE_INFINITY;
  start.failsAt = undefined;
});

/** Five stages, the verdicts beside storage, and two shadow judges. */
const STAGES = 8;
const SHADOWS_FROM = 6;
/** What agents call, by name. */
const AGENTS = 1;

function intervals(): Readonly<{ left(): number }> {
  const set = vi.spyOn(globalThis, 'setInterval');
  const cleared = vi.spyOn(globalThis, 'clearInterval');
  return {
    left: () => {
      const handles = new Set(set.mock.results.map(({ value }) => value));
      for (const [handle] of cleared.mock.calls) handles.delete(handle);
      return handles.size;
    },
  };
}

async function settings() {
  const shadows = { first: {}, second: {} };
  return settingsSchema.parse({ data: await tempDir(), dryRun: true, shadows });
}

async function failsWithNothingLeft(budgets: number, endpoints = AGENTS): Promise<void> {
  const timers = intervals();
  const closedBudgets = vi.spyOn(Budget.prototype, 'close');
  const closedEndpoints = vi.spyOn(EndpointGate.prototype, 'close');
  const given = await settings();
  await expect(openSession({ settings: given, shadows: true })).rejects.toMatchObject({ code: fatal().code });
  await Promise.all(start.stages.map(({ done }) => done));
  expect(new Set(closedBudgets.mock.contexts).size).toBe(budgets);
  expect(new Set(closedEndpoints.mock.contexts).size).toBe(endpoints);
  expect(timers.left()).toBe(0);

  start.failsAtStage = Number.POSITIVE_INFINITY;
  start.failsAt = undefined;
  const again = await openSession({ settings: given, shadows: true });
  await again.close();
}

describe('a session whose start fails', () => {
  it.each(Array.from({ length: STAGES }, (_, stage) => stage))(
    'at its stage %i leaves nobody at work and nothing open, and can be started again',
    async (stage) => {
      start.failsAtStage = stage;
      await failsWithNothingLeft(1 + Math.max(0, stage - SHADOWS_FROM + 1));
      expect(start.stages).toHaveLength(stage + STAGES);
    },
  );

  it.each(['the journal', 'the pauses'])('at %s closes what was opened before it', async (step) => {
    start.failsAt = step;
    await failsWithNothingLeft(0, 0);
  });

  it('at the budget closes the endpoints', async () => {
    start.failsAt = 'the budget';
    await failsWithNothingLeft(0);
  });

  it.each(['the watchdogs', 'the row of the worker'])('at %s ends whoever is at work', async (step) => {
    start.failsAt = step;
    await failsWithNothingLeft(1 + STAGES - SHADOWS_FROM);
  });
});
