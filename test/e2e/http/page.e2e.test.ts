import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { deadLetterOf, newWork } from '../../../src/testing/store/fixtures.ts';
import { describeInBrowser, openPage } from '../../support/page/browser.ts';
import {
  atWork,
  builtPage,
  NAMESPACE,
  PATIENCE,
  QUESTIONS,
  seriousProblems,
} from '../../support/page/page-at-work.ts';
import { millrace } from '../../support/process/millrace.ts';
import { until } from '../../support/until.ts';

describeInBrowser('the page', () => {
  const built = builtPage();

  it('follows a run live, and leads from the stream to one question and its whole story', async () => {
    const { address, run } = await atWork(built());
    const { page, errors } = await openPage();
    await page.goto(address);
    await page.getByText('SIMULATED', { exact: true }).waitFor(PATIENCE);
    await page.getByRole('article').filter({ hasText: 'research' }).waitFor(PATIENCE);
    const approved = page.locator('.totals').getByRole('link', { name: String(QUESTIONS), exact: true });
    await approved.waitFor(PATIENCE);
    expect((await run.exited).code).toBe(0);
    await page.getByRole('link', { name: 'Questions' }).click();
    await page.getByLabel('Text').fill('number 17');
    const found = page.locator('a.question').filter({ hasText: 'number 17' });
    await found.waitFor(PATIENCE);
    await page
      .locator('a.question')
      .filter({ hasText: 'number 18' })
      .waitFor({ state: 'detached', ...PATIENCE });
    await found.click();
    await page.getByRole('heading', { name: 'review' }).waitFor(PATIENCE);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('number 17');
    expect(errors).toEqual([]);
  });

  it('leaves a reader who has gone on where they are, though they had just typed a filter', async () => {
    const { address } = await atWork(built());
    const { page, errors } = await openPage();
    await page.goto(`${address}/#/questions`);
    await page.getByLabel('Text').fill('number 17', PATIENCE);
    await page.evaluate(GO_ON_LATE);
    await page.getByLabel('Text').waitFor({ state: 'detached', ...PATIENCE });
    expect(new URL(page.url()).hash).toBe('#/flow');
    expect(errors).toEqual([]);
  });

  it('pauses a stage and lets it go on', async () => {
    const { address, run, store, runAgain } = await atWork(built());
    await run.exited;
    const { page, errors } = await openPage();
    await page.goto(address);
    await page.getByRole('button', { name: 'pause generation' }).click(PATIENCE);
    const card = page.getByRole('article').filter({ hasText: 'generation' });
    await card.getByText('paused', { exact: true }).waitFor(PATIENCE);
    const further = await runAgain(5);
    await until('what is new is researched, and generation stands', async () => {
      return (await store.reports.counts(MAIN_LANE)).researched === 5;
    });
    await page.getByRole('button', { name: 'resume generation' }).click(PATIENCE);
    expect((await further.exited).code).toBe(0);
    await card.getByText('paused', { exact: true }).waitFor({ state: 'detached', ...PATIENCE });
    expect(errors).toEqual([]);
  });

  it('lets two people review ten by keyboard at once, and gives no question to both', async () => {
    const { address, run, store } = await atWork(built(), ['--hold-scores', '0..10']);
    await run.exited;
    const review = async (name: string) => {
      const { page, errors } = await openPage();
      await page.goto(`${address}/#/review`);
      await page.getByRole('textbox').fill(name);
      await page.keyboard.press('Enter');
      for (let decided = 0; decided < 5; decided += 1) {
        const title = page.locator('.item h2');
        const question = await title.textContent(PATIENCE);
        await page.keyboard.press(decided === 4 ? 'r' : 'a');
        if (decided === 4) {
          await page.keyboard.type('a rather thin answer');
          await page.keyboard.press('Enter');
        }
        await until(`${name} decided ${decided + 1}`, async () => {
          const { decisions } = await store.reviewQueue.decisions({
            lane: MAIN_LANE,
            reviewer: name,
            limit: 50,
          });
          const isNext = (await title.textContent()) !== question;
          return decisions.length === decided + 1 && isNext;
        });
      }
      expect(errors).toEqual([]);
    };
    await Promise.all([review('Ann'), review('Bob')]);
    const { decisions } = await store.reviewQueue.decisions({ lane: MAIN_LANE, limit: 50 });
    expect(new Set(decisions.map(({ questionId }) => questionId)).size).toBe(10);
    const rejected = decisions.filter(({ verdict }) => verdict === 'reject');
    expect(rejected.map(({ reason }) => reason)).toEqual(['a rather thin answer', 'a rather thin answer']);
  });

  it('shows a dataset and downloads it', async () => {
    const { address, run } = await atWork(built());
    await run.exited;
    const { page, errors } = await openPage();
    await page.goto(`${address}/#/dataset`);
    await page.getByRole('heading', { name: 'Topics' }).waitFor(PATIENCE);
    const download = page.waitForEvent('download', PATIENCE);
    await page.getByRole('button', { name: 'alpaca' }).click();
    expect((await download).suggestedFilename()).toBe('dataset-main-alpaca.jsonl');
    await page.getByRole('button', { name: 'Show the card' }).click();
    await page.getByText('SIMULATED: THIS IS NO TRAINING DATA').waitFor(PATIENCE);
    expect(errors).toEqual([]);
  });

  it('downloads parts of a dataset, and the files of a version, and is usable with them wide or narrow', async () => {
    const { address, run, cwd } = await atWork(built());
    await run.exited;
    const version = ['--as-version', 'v1', '--split', '80/20', '--out', 'v1'];
    expect((await millrace(['export', ...version], { cwd })).code).toBe(0);
    for (const width of [1_440, 390]) {
      const { page, errors } = await openPage({ width, height: 900 });
      await page.goto(`${address}/#/dataset`);
      const saved = async (button: string) => {
        const download = page.waitForEvent('download', PATIENCE);
        await page.getByRole('button', { name: button, exact: true }).click();
        return (await download).suggestedFilename();
      };
      await page.getByLabel('Part').selectOption('validation', PATIENCE);
      await page.getByLabel('Shares').fill('90/10');
      await page.getByRole('button', { name: 'trl' }).click();
      await page.getByText('part: expected one of train, test').waitFor(PATIENCE);
      await page.getByLabel('Shares').fill('90/5/5');
      expect(await saved('trl')).toBe('dataset-main-trl-validation.jsonl');
      await page.getByLabel('Examples').selectOption('v1');
      expect(await page.getByLabel('Part').inputValue()).toBe('train');
      expect(await saved('alpaca')).toBe('v1-alpaca-train.jsonl');
      expect(await saved('Download test of version v1')).toBe('v1-test.jsonl');
      expect(await seriousProblems(page), `${width} wide`).toEqual([]);
      const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(wider)).toBe(0);
      expect(errors.filter((error) => !error.includes('400 (Bad Request)'))).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.goto(`${address}/?dark#/dataset`);
      await page.locator('.versions li').waitFor(PATIENCE);
      expect(await seriousProblems(page), `dark, ${width} wide`).toEqual([]);
    }
  });

  it('sends a dead letter again once it was told what that is about', async () => {
    const { address, run, store } = await atWork(built());
    await run.exited;
    await store.putDeadLetter(deadLetterOf(newWork(), { topic: `${NAMESPACE}.research`, code: 'refused' }));
    const { page, errors } = await openPage();
    await page.goto(`${address}/#/dead-letters`);
    await page.getByText('content/refused').first().waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Send these again' }).click();
    await page.getByRole('button', { name: 'Send 1' }).click();
    await page.getByText('On their way: 1.').waitFor(PATIENCE);
    expect(errors).toEqual([]);
  });

  it('takes back the last decision that stands, and no undo', async () => {
    const { address, run, store } = await atWork(built(), ['--hold-scores', '0..10']);
    await run.exited;
    const { page, errors } = await openPage();
    await page.addInitScript("localStorage.setItem('millrace-reviewer', 'Ann')");
    await page.goto(`${address}/#/review`);
    const title = page.locator('.item h2');
    for (let decided = 0; decided < 2; decided += 1) {
      const before = await title.textContent(PATIENCE);
      await page.keyboard.press('a');
      await until('the next is there', async () => (await title.textContent()) !== before);
    }
    const kept = async () => (await store.reviewQueue.decisions({ lane: MAIN_LANE, limit: 50 })).decisions;
    for (let undone = 0; undone < 2; undone += 1) {
      await page.keyboard.press('u');
      // The page says so of the one before, too.
      await until('it is taken back', async () => (await kept()).length === 3 + undone);
      await page.getByText('it comes back to the queue').waitFor(PATIENCE);
    }
    const decisions = await kept();
    expect(decisions.map(({ verdict, undone }) => [verdict, undone])).toEqual([
      ['undo', false],
      ['undo', false],
      ['approve', true],
      ['approve', true],
    ]);
    expect(errors).toEqual([]);
  });

  it('is usable by everybody: no serious problem in any view, wide or narrow, light or dark', async () => {
    const { address, run } = await atWork(built(), ['--hold-share', '50%']);
    await run.exited;
    for (const width of [1_440, 390]) {
      const { page, errors } = await openPage({ width, height: 900 });
      await page.goto(`${address}/#/review`);
      await page.locator('.ask-name').waitFor(PATIENCE);
      expect(await seriousProblems(page), `asked for a name, ${width} wide`).toEqual([]);
      await page.getByRole('textbox').fill('Ann');
      await page.keyboard.press('Enter');
      await page.locator('.item').waitFor(PATIENCE);
      await page.keyboard.press('a');
      await page.getByText('Approved.').waitFor(PATIENCE);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        for (const [view, shown] of VIEWS) {
          await page.goto(`${address}/?${colorScheme}#/${view}`);
          await isShown(page, shown);
          expect(await seriousProblems(page), `${view}, ${width} wide, ${colorScheme}`).toEqual([]);
        }
      }
      expect(errors).toEqual([]);
    }
  });
});

/** Goes on in the very turn in which the time for typing runs out, as it comes on a busy machine. */
const GO_ON_LATE = `
  const late = Date.now() + 1_000;
  while (Date.now() < late);
  location.hash = '#/flow';
`;

/** Tells what is seen instead, where it does not come. */
async function isShown(page: Page, selector: string): Promise<void> {
  const instead = async (cause: unknown) => {
    throw new Error(`At ${page.url()}: ${await page.locator('body').textContent()}`, { cause });
  };
  await page.locator(selector).first().waitFor(PATIENCE).catch(instead);
}

/** Each view, and what has to stand in it before it is looked at. */
const VIEWS = [
  ['flow', '.stage'],
  ['questions', '.question'],
  ['review', '.item'],
  ['review/decisions', '.decided'],
  ['review/agreement', '.by-day'],
  ['judges', '.no-judges'],
  ['dataset', '.bars'],
  ['dead-letters', 'h1'],
] as const;
