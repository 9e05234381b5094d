import { HttpProblem } from '../../../infra/http/problem.ts';
import type { VersionRepository } from '../../../stages/dataset/dataset-version.ts';

export async function unknownVersion(
  name: string,
  versions: Pick<VersionRepository, 'list'>,
): Promise<HttpProblem> {
  const known = (await versions.list()).map((version) => version.name);
  const others = known.length === 0 ? 'There is none.' : `There are: ${known.join(', ')}.`;
  const detail = `There is no version ${name} of the dataset. ${others}`;
  return new HttpProblem(404, 'unknown_version', detail, { members: { known } });
}
