import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';
import { classifySqlite } from '../../engines/sqlite/failure.ts';
import { openToSearch } from './index-file.ts';

const named = z.object({ name: z.string() });

/** Throws a Failure (`bad_source`) that lists the sources of the index at `path` where one of `names` is none of them. */
export function assertKnown(names: readonly string[], path: string): void {
  const known = namesIn(path);
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw unknownSource(strange, known);
}

/** That there is no source of the name, and which there are. */
export function unknownSource(name: string, known: readonly string[]): Failure {
  const there =
    known.length === 0 ? 'There is none yet: millrace sources add DIR' : `Known are ${known.join(', ')}.`;
  return new Failure('fatal', 'bad_source', `There is no source named ${name}. ${there}`);
}

function namesIn(path: string): readonly string[] {
  const db = openToSearch(path);
  try {
    const rows = db?.prepare('SELECT name FROM sources ORDER BY name').all() ?? [];
    return rows.map((row) => named.parse(row).name);
  } catch (error) {
    throw classifySqlite(error, path);
  } finally {
    db?.close();
  }
}
