import type { Browser } from 'playwright-core';
import { pageDirectory } from '../../src/infra/http/page/page-directory.ts';
import type { BenchCase, Figure } from '../bench-case.ts';
import { startBrowser } from '../support/browser.ts';
import { places, startMillrace } from '../support/millrace.ts';
import { writeQuestions } from '../support/questions.ts';
import { startWarmServer } from '../support/scripted-server.ts';
import { median } from '../support/statistics.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 1_000;
const BATCH_SIZE = 20;
const LATENCY_MS = { research: 300, candidate: 200, review: 140 };
const PAIRS = 10;
const MOST = 1.05;
const PORT = 8_437;
const LOOK_MS = 100;

/** What somebody who looks costs the process that works: the same run with an open page and without, by turns. */
export const page: BenchCase = {
  name: 'page',
  title: `(j) ${QUESTIONS} questions, calls of 300/200/140 ms, batch size ${BATCH_SIZE}, with one open page and without`,
  minutes: 9,
  async run(say) {
    if (pageDirectory() === undefined) throw new Error('The page was not built here: npm run build:page.');
    const browser = await startBrowser();
    try {
      const pairs: Pair[] = [];
      for (let pair = 1; pair <= PAIRS; pair += 1) {
        say(`pair ${pair} of ${PAIRS}`);
        const first = pair % 2 === 0;
        const one = await measure(first ? browser : undefined);
        const other = await measure(first ? undefined : browser);
        pairs.push(first ? { open: one, closed: other } : { open: other, closed: one });
      }
      return figuresOf(pairs);
    } finally {
      await browser.close();
    }
  },
};

/** CPU seconds per 1,000 questions of the process that works. */
type Pair = Readonly<{ open: number; closed: number }>;

async function measure(browser: Browser | undefined): Promise<number> {
  using space = workspace();
  await writeQuestions(places(space).questions, QUESTIONS);
  await using server = await startWarmServer({ latencyMs: LATENCY_MS });
  const ui = browser === undefined ? [] : ['--ui', `${PORT}`];
  const run = startMillrace(space, server.url, ['--batch-size', `${BATCH_SIZE}`, ...ui]);
  const opened = browser === undefined ? undefined : await openPage(browser);
  const { exitCode, usage, stderr } = await run.ended;
  await opened?.close();
  if (exitCode !== 0 || usage === undefined) throw new Error(`millrace ended with ${exitCode}: ${stderr}`);
  return usage.cpuSeconds / (QUESTIONS / 1_000);
}

/** The flow, live, from as soon as the process serves it. */
async function openPage(browser: Browser) {
  const opened = await browser.newPage();
  for (;;) {
    const reply = await opened.goto(`http://127.0.0.1:${PORT}/`).catch(() => undefined);
    if (reply?.ok() === true) break;
    await opened.waitForTimeout(LOOK_MS);
  }
  await opened.locator('.stage').first().waitFor();
  return opened;
}

function figuresOf(pairs: readonly Pair[]): Figure[] {
  const of = (runs: readonly number[]) => ({ value: median(runs), runs });
  return [
    {
      name: 'CPU seconds with an open page / without, median of pairs',
      unit: 'x',
      target: { most: MOST },
      ...of(pairs.map(({ open, closed }) => open / closed)),
    },
    { name: 'without: CPU seconds per 1,000 questions', unit: 's', ...of(pairs.map(({ closed }) => closed)) },
    { name: 'with: CPU seconds per 1,000 questions', unit: 's', ...of(pairs.map(({ open }) => open)) },
  ];
}
