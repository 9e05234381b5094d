import type { z } from 'zod';
import { estimateReplay, type ReplayEstimate } from '../../../src/features/replay/estimate-replay.ts';
import {
  keepReplay,
  type OpenedReplay,
  planReplay,
  type ReplayArguments,
} from '../../../src/features/replay/open-replay.ts';
import { type ReplaySummary, runReplay } from '../../../src/features/replay/run-replay.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import type { Session } from '../../../src/features/run/session/session.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import type { Engine } from '../../../src/infra/engines/engine.ts';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { laneName } from '../stage/work.ts';

type Request = NonNullable<ReplayArguments['request']>;
type SettingsInput = z.input<typeof settingsSchema>;

/** A reprocess of generation from beginning to end, but for what is said. */
export function replayRequest(
  name: string,
  request: Partial<Request> = {},
  changes: ReplayArguments['changes'] = {},
): ReplayArguments {
  const whole: Request = {
    mode: 'reprocess',
    stage: 'generation',
    source: MAIN_LANE,
    from: { kind: 'beginning' },
    to: { kind: 'end' },
    topic: '',
    subTopic: '',
    status: [],
  };
  return { name: laneName(name), request: { ...whole, ...request }, changes };
}

/** The same replay again, by its name alone. */
export const goingOn = (name: string): ReplayArguments => ({
  name: laneName(name),
  request: undefined,
  changes: {},
});

type Hooks = Readonly<{ onlyReplay?: boolean; onSession?(session: Session): void }>;

/** A replay from start to end in this process. */
export async function replayHere(
  settings: SettingsInput,
  request: ReplayArguments,
  { onlyReplay = false, onSession }: Hooks = {},
): Promise<ReplaySummary> {
  const opened = Promise.withResolvers<OpenedReplay>();
  const session = await openSession({
    settings: settingsSchema.parse(settings),
    stages: onlyReplay ? [] : undefined,
    openLane: async (engine, namespace) => {
      const known = await keepReplay(engine.store, await planReplay(engine, namespace, request));
      opened.resolve(known);
      return known.lane;
    },
  });
  try {
    onSession?.(session);
    return await runReplay(session, await opened.promise, { onlyReplay });
  } finally {
    await session.close();
  }
}

/** Opens the simulated data of a directory beside whatever works there. */
export async function withData<T>(data: string, act: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEmbedded({ data, namespace: 'millrace-simulated', mode: 'read' });
  try {
    return await act(engine);
  } finally {
    await engine.close();
  }
}

/** The dry run of a replay. */
export function estimateHere(
  data: string,
  request: ReplayArguments,
  prices: Parameters<typeof estimateReplay>[3] = {},
): Promise<ReplayEstimate> {
  return withData(data, async (engine) => {
    const plan = await planReplay(engine, 'millrace-simulated', request);
    return estimateReplay(engine, 'millrace-simulated', plan, prices);
  });
}
