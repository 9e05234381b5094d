import { HttpProblem } from '../../../infra/http/problem.ts';
import { shadowOfLane } from '../../../stages/judges/shadow-name.ts';
import type { ShadowRepository } from '../../../stages/store/shadow-repository.ts';

export async function shadowNames(shadows: Pick<ShadowRepository, 'shadows'>): Promise<readonly string[]> {
  return (await shadows.shadows()).map(({ name: lane }) => shadowOfLane(lane) ?? lane);
}

export function unknownShadow(name: string, known: readonly string[]): HttpProblem {
  const others = known.length === 0 ? 'There is none.' : `There are: ${known.join(', ')}.`;
  const detail = `There is no shadow judge ${name} here. ${others}`;
  return new HttpProblem(404, 'unknown_shadow', detail, { members: { known } });
}
