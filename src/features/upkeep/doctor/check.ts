import type { Settings } from '../../../infra/config/settings.ts';
import { asFailure } from '../../../streams/failure.ts';
import { inTime } from '../../../streams/in-time.ts';

export type CheckStatus = 'ok' | 'warning' | 'failed';

/** What one look found, and what to do about it. */
export type Finding = Readonly<{
  check: string;
  status: CheckStatus;
  text: string;
  /** Set unless all is well. */
  mend?: string;
}>;

export type CheckContext = Readonly<{ settings: Settings; namespace: string; simulated: boolean }>;

/** One thing to look at. Changes nothing and costs nothing; `undefined` where it does not apply. */
export type Check = Readonly<{
  name: string;
  look(context: CheckContext): Promise<readonly Omit<Finding, 'check'>[]>;
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
  const late = () => [
    failed(`no answer within ${timeoutMs / 1_000} s`, 'look at the server and the way to it'),
  ];
  try {
    const found = await inTime(look(context), timeoutMs, late);
    return found.map((finding) => ({ check: name, ...finding }));
  } catch (error) {
    const { message, code } = asFailure(error);
    return [{ check: name, ...failed(message, `it says what is wrong (${code})`) }];
  }
}

export const ok = (text: string) => ({ status: 'ok', text }) as const;
export const warning = (text: string, mend: string) => ({ status: 'warning', text, mend }) as const;
export const failed = (text: string, mend: string) => ({ status: 'failed', text, mend }) as const;
