import { resolve } from 'node:path';
import { cardPathOf, datasetInfoPathOf } from '../../infra/export/dataset-path.ts';
import { isSameFile } from '../../infra/files/is-same-file.ts';
import { isPartialOf } from '../../infra/files/partial-file.ts';
import { Failure } from '../../streams/failure.ts';
import { simulatedPathOf } from '../dataset/write-export.ts';

/** Where the bad lines of an input go: beside the dataset. */
export function rejectsPathOf(out: string): string {
  return `${out}.rejects.jsonl`;
}

/**
 * Refuses to write a file that is read: throws a Failure (`bad_out`) where the input is the dataset, its rejects, its card or
 * a half-written one of them, by any name, link or hard link. `-` is what standard input reads.
 */
export async function assertInputKept(inputs: readonly string[], out: string): Promise<void> {
  const outs = [out, simulatedPathOf(out)];
  for (const input of inputs) {
    for (const written of outs.flatMap(writtenFor)) {
      if (await isSameFile(input, written)) throw refused(input, written);
    }
    if (outs.some((each) => isPartialOf(resolve(each), resolve(input)))) throw refused(input, out);
  }
}

function writtenFor(out: string): readonly string[] {
  const place = { kind: 'file', path: out } as const;
  return [out, rejectsPathOf(out), cardPathOf(place), datasetInfoPathOf(place)];
}

function refused(input: string, written: string): Failure {
  const read = input === '-' ? 'Standard input' : input;
  const same =
    input === written ? 'where this run would write' : `the file ${written}, which this run writes`;
  const message = `${read} is ${same}: your questions would be replaced. Name another file for the examples with --out.`;
  return new Failure('fatal', 'bad_out', message);
}
