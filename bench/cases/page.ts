import type { Browser } from 'playwright-core';
import { pageDirectory } from '../../src/features/serve/page-directory.ts';
import type { BenchCase, Figure } from '../bench-case.ts';
import { startBrowser } from '../support/browser.ts';
import { places, startMillrace } from '../support/millrace.ts';
import { readPage } from '../support/page-reader.ts';
import { writeQuestions } from '../support/questions.ts';
import { startWarmServer } from '../support/scripted-server.ts';
import { median } from '../support/statistics.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 1_000;
const BATCH_SIZE = 20;
const LATENCY_MS = { research: 300, candidate: 200, review: 140 };
const ROUNDS = 6;
const MOST = 1.05;
const PORT = 8_437;
const ADDRESS = `http://127.0.0.1:${PORT}`;
const LOOK_MS = 100;

/** Who looks on: nobody, somebody elsewhere (the requests of a page), or a browser on these very cores. */
const WATCHERS = ['nobody', 'elsewhere', 'here'] as const;
type Watcher = (typeof WATCHERS)[number];
/** CPU seconds per 1,000 questions of the process that works, by who looked on. */
type Round = Readonly<Record<Watcher, number>>;

/** What somebody who looks costs the process that works: the same run with an open page and without, by turns. */
export const page: BenchCase = {
  name: 'page',
  title: `(j) ${QUESTIONS} questions, calls of 300/200/140 ms, batch size ${BATCH_SIZE}, with one open page and without`,
  minutes: 5,
  async run(say) {
    if (pageDirectory() === undefined) throw new Error('The page was not built here: npm run build:page.');
    const browser = await startBrowser();
    try {
      const rounds: Round[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        say(`round ${round} of ${ROUNDS}`);
        rounds.push(await measureRound(browser, round));
      }
      return figuresOf(rounds);
    } finally {
      await browser.close();
    }
  },
};

/** Each in another place of the order from round to round. */
async function measureRound(browser: Browser, round: number): Promise<Round> {
  const cpu = { nobody: 0, elsewhere: 0, here: 0 };
  for (const step of WATCHERS.keys()) {
    const watcher = WATCHERS[(step + round) % WATCHERS.length] ?? 'nobody';
    cpu[watcher] = await measure(watcher, browser);
  }
  return cpu;
}

async function measure(watcher: Watcher, browser: Browser): Promise<number> {
  using space = workspace();
  await writeQuestions(places(space).questions, QUESTIONS);
  await using server = await startWarmServer({ latencyMs: LATENCY_MS });
  const ui = watcher === 'nobody' ? [] : ['--ui', `${PORT}`, '--no-token'];
  const run = startMillrace(space, server.url, ['--batch-size', `${BATCH_SIZE}`, ...ui]);
  const watching = await watched(watcher, browser);
  const { exitCode, usage, stderr } = await run.ended;
  await watching?.close();
  if (exitCode !== 0 || usage === undefined) throw new Error(`millrace ended with ${exitCode}: ${stderr}`);
  return usage.cpuSeconds / (QUESTIONS / 1_000);
}

async function watched(watcher: Watcher, browser: Browser) {
  if (watcher === 'nobody') return undefined;
  return watcher === 'here' ? openPage(browser) : readPage(ADDRESS);
}

/** The flow, live, from as soon as the process serves it. */
async function openPage(browser: Browser) {
  const opened = await browser.newPage();
  for (;;) {
    const reply = await opened.goto(`${ADDRESS}/`).catch(() => undefined);
    if (reply?.ok() === true) break;
    await opened.waitForTimeout(LOOK_MS);
  }
  await opened.locator('.stage').first().waitFor();
  return opened;
}

function figuresOf(rounds: readonly Round[]): Figure[] {
  const of = (runs: readonly number[]) => ({ value: median(runs), runs });
  const ratio = (watcher: Watcher) => of(rounds.map((round) => round[watcher] / round.nobody));
  const seconds = (watcher: Watcher) => ({ unit: 's', ...of(rounds.map((round) => round[watcher])) });
  return [
    {
      name: 'CPU seconds with a page open elsewhere / without',
      unit: 'x',
      target: { most: MOST },
      ...ratio('elsewhere'),
    },
    { name: 'CPU seconds with a browser on the same cores / without', unit: 'x', ...ratio('here') },
    { name: 'without: CPU seconds per 1,000 questions', ...seconds('nobody') },
    { name: 'elsewhere: CPU seconds per 1,000 questions', ...seconds('elsewhere') },
    { name: 'on the same cores: CPU seconds per 1,000 questions', ...seconds('here') },
  ];
}
