import { count, money, plural } from '../../infra/terminal/format.ts';
import { asFailure } from '../../streams/failure.ts';
import type { Session } from '../run/session/session.ts';
import type { ShadowReportBody } from './http/schemas.ts';
import { readShadows } from './read-shadows.ts';

/** What the shadow judges of a session have judged so far, in this run and before it. A store that is away is told, and no error. */
export async function shadowsBeside(
  { engine, namespace, shadows }: Session,
  note: (text: string) => void,
): Promise<readonly ShadowReportBody[]> {
  if (shadows.running.length === 0) return [];
  const names = new Set(shadows.running.map(({ name }) => name));
  try {
    const reports = await readShadows({ ...engine, namespace });
    return reports.filter(({ name }) => names.has(name));
  } catch (error) {
    note(`What the shadow judges saw cannot be read now: ${asFailure(error).message}`);
    return [];
  }
}

/** One line each, at the end of a run. */
export function shadowLines(reports: readonly ShadowReportBody[]): string[] {
  return reports.map((report) => {
    const { name, judged, both, neither, failed, lag, cost } = report;
    const agreed = judged === 0 ? [] : [`agrees on ${count(both + neither)}`];
    const parts = [
      `judged ${plural(judged, 'candidate')} so far`,
      ...agreed,
      ...(failed > 0 ? [`could not judge ${count(failed)}`] : []),
      ...(lag !== null && lag > 0 ? [`${count(lag)} records behind`] : []),
    ];
    return `Shadow judge ${name} ${parts.join(', ')}, ${money(cost.shadow.costUsd)}.`;
  });
}
