import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openEmbedded } from '../src/infra/engines/sqlite/engine.ts';
import { MAIN_LANE } from '../src/stages/lanes/lane.ts';

/**
 * Makes the pictures of the page: every view 1440 and 390 wide, flow and desk dark as well, of a namespace of the
 * simulated model with questions that wait for a person and two shadow judges. Needs a Chromium; `MILLRACE_TEST_CHROMIUM` names one that is elsewhere.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IMAGES = join(ROOT, 'docs', 'images');
const MAIN = join(ROOT, 'src', 'cli', 'main.ts');
const CHROMIUM = process.env['MILLRACE_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const PORT = 8_439;
const ADDRESS = `http://127.0.0.1:${PORT}`;
const SIZES = [
  { name: 'wide', width: 1_440, height: 900 },
  { name: 'narrow', width: 390, height: 844 },
] as const;
/** The flow last: by then its charts have something to show. */
const VIEWS = [
  ['questions', 'questions'],
  ['review', 'review'],
  ['agreement', 'review/agreement'],
  ['judges', 'judges/strict'],
  ['dataset', 'dataset'],
  ['dead-letters', 'dead-letters'],
  ['flow', 'flow'],
] as const;
const DARK: readonly string[] = ['flow', 'review'];
const SHADOWS = 'shadows:\n  strict: { minScore: 8 }\n  mild: { minScore: 5 }\n';
const DAYS = 12;
const DAY_MS = 86_400_000;
const QUALITY = 72;
const SETTLED_MS = 1_500;

if (!existsSync(CHROMIUM)) {
  process.stderr.write(`No Chromium at ${CHROMIUM}: install one, or name one in MILLRACE_TEST_CHROMIUM.\n`);
  process.exit(1);
}
const data = await mkdtemp(join(tmpdir(), 'millrace-screenshots-'));
const children: { kill(): void }[] = [];
try {
  await mkdir(IMAGES, { recursive: true });
  await copyFile(join(ROOT, 'examples', 'questions.jsonl'), join(data, 'questions.jsonl'));
  await writeFile(join(data, 'millrace.config.yaml'), SHADOWS);
  const simulate = 'latency=40ms,errors=4%,refused=40%';
  await ended('run', 'questions.jsonl', '--simulate', simulate, '--hold-scores', '8..8', '--quiet');
  await ended('export', '--as-version', 'v1', '--split', '90/5/5', '--out', 'v1');
  await spreadOverDays();
  children.push(started('serve', '--port', String(PORT), '--no-token'));
  children.push(started('worker', '--simulate', 'latency=900ms', '--hold-scores', '8..8'));
  await answers();
  await decideSome();
  await moreQuestions();
  await ended('ingest', 'more.jsonl');
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  for (const colorScheme of ['dark', 'light'] as const) await takeAll(browser, colorScheme);
  await browser.close();
} finally {
  for (const child of children) child.kill();
  await rm(data, { recursive: true, force: true });
}

function started(...args: readonly string[]) {
  return spawn(process.execPath, [MAIN, ...args], { cwd: data, stdio: 'ignore' });
}

async function ended(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: data,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'exit');
}

/** The server is there once it answers. */
async function answers(): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    const reply = await fetch(`${ADDRESS}/livez`).catch(() => undefined);
    if (reply?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${ADDRESS} does not answer.`);
}

/** So that the agreement of the judges has days to show. */
async function spreadOverDays(): Promise<void> {
  const place = { data: join(data, '.millrace'), namespace: 'millrace-simulated' };
  const { store, close } = await openEmbedded({ ...place, mode: 'append' });
  let day = 0;
  for await (const { questionId } of store.reports.standing(MAIN_LANE)) {
    const at = new Date(Date.now() - (day % DAYS) * DAY_MS).toISOString();
    for (const verdict of await store.shadows.verdictsOn(MAIN_LANE, questionId))
      await store.shadows.keep({ ...verdict, at });
    day += 1;
  }
  await close();
}

/** So that the stream flows while its picture is taken. */
async function moreQuestions(): Promise<void> {
  const examples = (await readFile(join(ROOT, 'examples', 'questions.jsonl'), 'utf8')).trim().split('\n');
  const ways = [
    'Briefly: ',
    'For a child: ',
    'With an example: ',
    'Step by step: ',
    'In depth: ',
    'With a warning: ',
  ];
  const asked = ways.flatMap((way) =>
    examples.map((line) => line.replace('"question": "', `"question": "${way}`)),
  );
  await writeFile(join(data, 'more.jsonl'), asked.join('\n'));
}

/** So that the agreement of people and judge has something to show. */
async function decideSome(): Promise<void> {
  for (const verdict of ['approve', 'approve', 'approve', 'reject']) {
    const next = await post('/v1/review/next', { reviewer: 'Ann' });
    if (next.status !== 200) return;
    const { item, claim } = await next.json();
    const { lane, questionId, revision } = item;
    const decision = { reviewer: 'Ann', token: claim.token, revision, verdict, reason: 'Looked up.' };
    await post(`/v1/review/${lane}/${questionId}/decision`, decision);
  }
}

function post(path: string, body: unknown) {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${ADDRESS}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function takeAll(browser: Browser, colorScheme: 'light' | 'dark'): Promise<void> {
  for (const { name, width, height } of SIZES) {
    if (name === 'narrow' && colorScheme === 'dark') continue;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
    await page.goto(ADDRESS);
    await page.evaluate("localStorage.setItem('millrace-reviewer', 'Ann')");
    for (const [view, place] of VIEWS.filter(([view]) => colorScheme === 'light' || DARK.includes(view)))
      await take(page, place, `${view}-${name}${colorScheme === 'dark' ? '-dark' : ''}`);
    await page.close();
  }
}

async function take(page: Page, place: string, name: string): Promise<void> {
  await page.goto(`${ADDRESS}/?${name}#/${place}`);
  await page.locator('main > *').first().waitFor();
  await page.waitForTimeout(SETTLED_MS);
  const path = join(IMAGES, `${name}.jpg`);
  await page.screenshot({ path, type: 'jpeg', quality: QUALITY });
  process.stdout.write(`${path}\n`);
}
