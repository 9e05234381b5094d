import type { RowEntry } from '../../../infra/input/formats/row.ts';
import type { InputOptions } from '../../../infra/input/input-entry.ts';
import { RowMapper } from '../../../infra/input/mapping/row-mapper.ts';
import { toolCalls } from '../../../stages/training-types/tool-calls.ts';

/** A way to have the answers of an input judged. */
export type Choice = Readonly<{
  from: 'answer' | 'pair';
  /** The training type that takes them, where it is not that of the questions anyway. */
  trainingType?: string;
  /** How many rows it reads. */
  reads: number;
}>;

/** Reads the rows of an input in each way in which their answers could be judged, to tell which reads the most. */
export class Choices {
  readonly #trials: readonly (Omit<Choice, 'reads'> & { reads: number; mapper: RowMapper })[];

  constructor(name: string, options: InputOptions) {
    const { trainingType } = options.defaults;
    const ways: Omit<Choice, 'reads'>[] = [{ from: 'pair' }, { from: 'answer' }];
    if (trainingType !== toolCalls.name) ways.push({ from: 'answer', trainingType: toolCalls.name });
    this.#trials = ways.map((way) => ({
      ...way,
      reads: 0,
      mapper: new RowMapper(name, {
        ...options,
        from: way.from,
        defaults: { ...options.defaults, trainingType: way.trainingType ?? trainingType },
      }),
    }));
  }

  push(row: RowEntry): void {
    for (const trial of this.#trials)
      for (const entry of trial.mapper.push(row)) trial.reads += entry.kind === 'question' ? 1 : 0;
  }

  end(): void {
    for (const trial of this.#trials)
      for (const entry of trial.mapper.end()) trial.reads += entry.kind === 'question' ? 1 : 0;
  }

  /** What reads the most rows; pairs where most of the answers are of pairs. `undefined` where nothing reads any. */
  get best(): Choice | undefined {
    const weight = ({ from, reads }: Choice) => (from === 'pair' ? 2 * reads - 1 : reads);
    const [best] = this.#trials
      .map(({ mapper: _, ...choice }) => choice)
      .filter(({ reads }) => reads > 0)
      .toSorted((one, other) => weight(other) - weight(one));
    return best;
  }
}
