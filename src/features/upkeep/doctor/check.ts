import type { Settings } from '../../../infra/config/settings.ts';
import type { Engine } from '../../../infra/engines/engine.ts';
import { openEngine } from '../../../infra/engines/open-engine.ts';
import type { ListedWorker } from '../../../stages/store/worker-repository.ts';
import { asFailure } from '../../../streams/failure.ts';
import { inTime } from '../../../streams/in-time.ts';
import { isOnFile } from '../../run/session/open-data.ts';

export type CheckStatus = 'ok' | 'warning' | 'failed';

/** What one look found, and what to do about it. */
export type Finding = Readonly<{
  check: string;
  status: CheckStatus;
  text: string;
  /** Set unless all is well. */
  mend?: string;
}>;

type Found = Omit<Finding, 'check'>;

export type CheckContext = Readonly<{ settings: Settings; namespace: string; simulated: boolean }>;

/** One thing to look at. Changes nothing and costs nothing; `undefined` where it does not apply. */
export type Check = Readonly<{
  name: string;
  look(context: CheckContext): Promise<Found | readonly Found[]>;
}>;

const TIMEOUT_MS = 20_000;

/** Looks at everything at once. Never rejects: a look that fails or takes too long is a finding. */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  timeoutMs = TIMEOUT_MS,
): Promise<readonly Finding[]> {
  const found = await Promise.all(checks.map((check) => bounded(check, context, timeoutMs)));
  return found.flat();
}

async function bounded(
  { name, look }: Check,
  context: CheckContext,
  timeoutMs: number,
): Promise<readonly Finding[]> {
  const late = () =>
    failed(`no answer within ${timeoutMs / 1_000} s`, 'look at the server and the way to it');
  try {
    const found = await inTime(look(context), timeoutMs, late);
    return [found].flat().map((finding) => ({ check: name, ...finding }));
  } catch (error) {
    const { message, code } = asFailure(error);
    return [{ check: name, ...failed(message, `it says what is wrong (${code})`) }];
  }
}

/** What is found in the data as it stands, beside whoever is at work; nothing where there is none yet. */
export async function foundInData<T>(
  { settings, namespace }: CheckContext,
  look: (engine: Engine) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const { mongo, engine: named } = settings;
  if (mongo === undefined && named === undefined && !isOnFile(settings, namespace)) return [];
  await using engine = await openEngine({ settings, namespace, mode: 'read' });
  return await look(engine);
}

/** For looks at documents: a MongoDB that does not answer is told of by its own look. */
export function unlessOnMongo({ mongo }: Settings): (error: unknown) => undefined {
  return (error) => {
    if (mongo === undefined) throw error;
  };
}

export const ok = (text: string) => ({ status: 'ok', text }) as const;
export const warning = (text: string, mend: string) => ({ status: 'warning', text, mend }) as const;
export const failed = (text: string, mend: string) => ({ status: 'failed', text, mend }) as const;

/** The alarms that processes at work show in the store: nothing where none is open. */
export function alarmsOf(listed: readonly ListedWorker[]) {
  return listed.flatMap(({ worker: { host, pid, alarms } }) =>
    alarms.map(({ kind, subject, text }) =>
      warning(`alarm ${kind} of ${subject} in ${host}/${pid}: ${text}`, `see ${kind} in docs/operations.md`),
    ),
  );
}
