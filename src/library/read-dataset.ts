import type { BadEntry, InputOptions, QuestionEntry } from '../infra/input/input-entry.ts';
import { readInputs } from '../infra/input/read-inputs.ts';
import { expandSources } from '../infra/input/sources/expand-sources.ts';
import { trainingTypes } from '../stages/training-types/index.ts';
import { Failure } from '../streams/failure.ts';
import type { QuestionInput } from './options.ts';

/** How files are read; each as the flag of its name of `millrace run`. */
export type ReadDatasetOptions = Readonly<
  Pick<InputOptions, 'from' | 'as' | 'reference' | 'map' | 'separator' | 'encoding'> & {
    /** Hears of rows that are no question, which are then passed over. Default: the first of them ends the reading. */
    onBad?: (bad: Readonly<{ file: string; line: number; reason: string; text: string }>) => void;
  }
>;

/**
 * The questions of files, globs and directories, read as `millrace run` reads them, as they are asked for: for
 * `generateSyntheticData`, `createPipeline` or a producer. Throws a fatal Failure where a file cannot be read
 * (`input_unrecognised`, `input_choice`, `input_missing` …), and `bad_question` at a row that is none.
 */
export async function* readDataset(
  sources: string | readonly string[],
  { onBad, ...how }: ReadDatasetOptions = {},
): AsyncGenerator<Exclude<QuestionInput, string>> {
  const named = await expandSources(typeof sources === 'string' ? [sources] : sources);
  const defaults = { topic: '', subTopic: '', trainingType: '' };
  const from = how.from ?? (how.reference === undefined ? undefined : 'question');
  const options = { ...how, from, defaults, trainingTypes: [...trainingTypes.keys()], stdin: process.stdin };
  for await (const entry of readInputs(named, options)) {
    if (entry.kind === 'question') yield inputOf(entry);
    else tell(entry, onBad);
  }
}

function tell({ file = '', line, reason, text }: BadEntry, onBad: ReadDatasetOptions['onBad']): void {
  if (onBad === undefined) throw new Failure('fatal', 'bad_question', `${file}:${line}: ${reason}`);
  onBad({ file, line, reason, text });
}

/** What the row leaves out is taken from the options of the caller. */
function inputOf({ question, id, metadata }: QuestionEntry): Exclude<QuestionInput, string> {
  const { text, ...parts } = question;
  const said = Object.entries({ ...parts, id, metadata }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  return { question: text, ...Object.fromEntries(said) };
}
