import { Failure } from '../../../streams/failure.ts';
import type { IndexPlace } from './index-place.ts';
import { sourcesIn } from './of-settings.ts';

/** Throws a Failure (`bad_source`) that lists the sources of the index there where one of `names` is none of them. */
export async function assertKnownSources(names: readonly string[], place: IndexPlace): Promise<void> {
  if (names.length === 0) return;
  const known = await sourcesIn(place);
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw unknownSource(strange, known);
}

/** That there is no source of the name, and which there are. */
export function unknownSource(name: string, known: readonly string[]): Failure {
  const there =
    known.length === 0 ? 'There is none yet: millrace sources add DIR' : `Known are ${known.join(', ')}.`;
  return new Failure('fatal', 'bad_source', `There is no source named ${name}. ${there}`);
}
