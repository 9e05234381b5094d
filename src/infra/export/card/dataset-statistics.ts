import type { Example, Provenance, Review } from '../../../stages/example.ts';
import { suspicionsIn } from '../../../stages/text/suspicion.ts';
import { NO_USAGE, type Usage } from '../../../streams/failure.ts';
import { addUsage } from '../../../streams/work/attempts.ts';
import { TextTally } from './tally.ts';

type Mean = Readonly<{ sum: number; count: number }>;

/** What a dataset card tells about the examples, gathered while they stream by. Its size does not grow with them. */
export class DatasetStatistics {
  examples = 0;
  /** How many of them a simulated model invented. */
  simulated = 0;
  /** Tokens of all the work behind the examples. */
  usage: Usage = NO_USAGE;
  /** US dollars, without the works whose price is not known. */
  costUsd = 0;
  /** Works whose price is not known. */
  unpriced = 0;
  /** Calls to a model, failed ones included. */
  calls = 0;
  readonly #criteria = new Map<string, Mean>();

  readonly trainingTypes = new TextTally();
  /** Topic and sub-topic. */
  readonly topics = new TextTally();
  readonly lanes = new TextTally();
  /** How often an example had been sent back before it was approved. */
  readonly revisions = new TextTally();
  /** The lowest score of each example, rounded down. */
  readonly scores = new TextTally();
  /** What a person should know of their texts. */
  readonly suspicions = new TextTally();
  /** Name and licence of each source, by the examples that quote it. */
  readonly sources = new TextTally();
  /** Stage, model and recipe, by pieces of work. */
  readonly works = new TextTally();

  add(example: Example): void {
    const { question, review } = example;
    this.examples += 1;
    if (example.simulated) this.simulated += 1;
    this.trainingTypes.add([question.trainingType]);
    this.topics.add([question.topic, question.subTopic]);
    this.lanes.add([example.lane]);
    this.revisions.add([String(example.revision)]);
    this.#addReview(review);
    for (const suspicion of suspicionsIn(example)) this.suspicions.add([suspicion]);
    for (const source of sourcesOf(example)) this.sources.add(source);
    for (const work of example.provenance) this.#addWork(work);
  }

  /** The mean score of each criterion of the rubric. */
  get criteria(): ReadonlyMap<string, number> {
    return new Map([...this.#criteria].map(([name, { sum, count }]) => [name, sum / count]));
  }

  #addReview({ score, scores }: Review): void {
    this.scores.add([String(Math.floor(score))]);
    for (const [name, criterion] of Object.entries(scores)) {
      const { sum, count } = this.#criteria.get(name) ?? { sum: 0, count: 0 };
      this.#criteria.set(name, { sum: sum + criterion.score, count: count + 1 });
    }
  }

  #addWork({ stage, model, recipe, usage, costUsd, calls }: Provenance): void {
    this.works.add([stage, model, recipe]);
    this.calls += calls;
    this.usage = addUsage(this.usage, usage);
    if (costUsd === null) this.unpriced += 1;
    else this.costUsd += costUsd;
  }
}

/** The same for whoever reads it. */
export type DatasetFigures = Readonly<Omit<DatasetStatistics, 'add'>>;

/** Each source that the example quotes, once. */
function sourcesOf({ research }: Example): readonly (readonly [string, string])[] {
  const quoted = (research.evidence ?? []).map(
    ({ source, license = '' }) => [source.replace(/^documents:/, '').split('/')[0] ?? '', license] as const,
  );
  return [...new Map(quoted.map((each) => [each.join('\n'), each])).values()];
}
