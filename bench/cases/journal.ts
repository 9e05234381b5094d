import type { BenchCase, Figure } from '../bench-case.ts';
import { SOURCE_BIN } from '../support/cli.ts';
import { places, runMillrace } from '../support/millrace.ts';
import { writeQuestions } from '../support/questions.ts';
import { startServer } from '../support/scripted-server.ts';
import { median } from '../support/statistics.ts';
import { workSpan } from '../support/stored.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 2_000;
const BATCH_SIZE = 64;
const PAIRS = 5;
const NO_JOURNAL = new URL('../support/no-journal.ts', import.meta.url).href;

type Measured = Readonly<{ perSecond: number; cpu: number }>;

/** What the journal costs where it costs most: at zero latency. Of the source, not of a package: what is left out is a module. */
export const journal: BenchCase = {
  name: 'journal',
  title: `(o) ${QUESTIONS} questions at zero latency, batch size ${BATCH_SIZE}, with the journal and without`,
  minutes: 0.9,
  async run(say) {
    const kept: Measured[] = [];
    const unkept: Measured[] = [];
    for (let pair = 1; pair <= PAIRS; pair += 1) {
      say(`pair ${pair} of ${PAIRS}`);
      // In turn, so that what else the machine does falls on both.
      if (pair % 2 === 0) unkept.push(await measured({ NODE_OPTIONS: `--import=${NO_JOURNAL}` }));
      kept.push(await measured({}));
      if (pair % 2 === 1) unkept.push(await measured({ NODE_OPTIONS: `--import=${NO_JOURNAL}` }));
    }
    return figuresOf(kept, unkept);
  },
};

async function measured(env: Readonly<Record<string, string>>): Promise<Measured> {
  using space = workspace();
  const { questions, database } = places(space);
  await writeQuestions(questions, QUESTIONS);
  await using server = await startServer({});
  const flags = ['--batch-size', `${BATCH_SIZE}`];
  const { usage } = await runMillrace(space, server.url, flags, env, SOURCE_BIN);
  const { firstCallMs, lastStoreMs } = workSpan(database);
  return {
    perSecond: (QUESTIONS / (lastStoreMs - firstCallMs)) * 1_000,
    cpu: usage.cpuSeconds / (QUESTIONS / 1_000),
  };
}

function figuresOf(kept: readonly Measured[], unkept: readonly Measured[]): Figure[] {
  const of = (among: readonly Measured[], figure: keyof Measured) => {
    const runs = among.map((each) => each[figure]);
    return { value: median(runs), runs };
  };
  const [withIt, without] = [of(kept, 'cpu'), of(unkept, 'cpu')];
  return [
    {
      name: 'CPU seconds with the journal / without',
      unit: 'x',
      value: withIt.value / without.value,
      target: { most: 1.05 },
    },
    { name: 'with: CPU seconds per 1,000 questions', unit: 's', ...withIt },
    { name: 'without: CPU seconds per 1,000 questions', unit: 's', ...without },
    { name: 'with: questions per second', unit: '/s', ...of(kept, 'perSecond') },
    { name: 'without: questions per second', unit: '/s', ...of(unkept, 'perSecond') },
  ];
}
