import { expect, it } from 'vitest';
import { shadowLaneOf } from '../../../src/stages/judges/shadow-name.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { storageMessage } from '../../../src/stages/message.ts';
import { waitingOf } from '../../../src/stages/store/review-queue-repository.ts';
import type { ShadowVerdict } from '../../../src/stages/store/shadow-repository.ts';
import type { Store } from '../../../src/stages/store/store.ts';
import type { QuestionId } from '../../../src/streams/work/work.ts';
import { approval, listOf, newWork, questionOf, research } from '../../../src/testing/store/fixtures.ts';
import { putShadowLane } from '../../../src/testing/store/shadows.ts';
import { describeInBrowser, openPage } from '../../support/page/browser.ts';
import { atWork, builtPage, PATIENCE, QUESTIONS, seriousProblems } from '../../support/page/page-at-work.ts';

/** More than one page of disagreements. */
const REVISIONS = 3;
const AGREED = 10;

describeInBrowser('the view of shadow judges', () => {
  const built = builtPage();

  it('tells how far they agree, what they cost, and leads to the story of each disagreement', async () => {
    const { address, run, store } = await atWork(built());
    await run.exited;
    await judgeAll(store, 'strict');
    const { page, errors } = await openPage();
    await page.goto(address);
    await page.getByRole('link', { name: 'Judges' }).click();
    await page.getByRole('heading', { name: 'strict' }).waitFor(PATIENCE);
    const judged = QUESTIONS * REVISIONS;
    await page.getByText(`of ${judged} candidates`).waitFor(PATIENCE);
    const cells = page.getByRole('table', { name: /verdict of the live judge/ }).getByRole('cell');
    expect(await cells.allInnerTexts()).toEqual([
      '',
      expect.stringMatching(/^10\s/),
      expect.stringMatching(/^110\s/),
      expect.stringMatching(/^0\s/),
      expect.stringMatching(/^0\s/),
    ]);
    const rows = page.locator('.differing');
    for (const last of [49, 99]) await rows.nth(last).scrollIntoViewIfNeeded(PATIENCE);
    await rows.nth(judged - AGREED - 1).waitFor(PATIENCE);
    expect(await rows.count()).toBe(judged - AGREED);
    const link = rows.first().getByRole('link');
    const question = await link.textContent();
    expect(question).toContain('question number');
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Shadow judge strict' }).waitFor(PATIENCE);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(question);
    expect(errors).toEqual([]);
  });

  it('goes on by itself, and keeps what is new out of the list until it is asked for', async () => {
    const { address, run, store } = await atWork(built());
    await run.exited;
    const [first, second] = await judgeAll(store, 'strict', 0);
    const { page, errors } = await openPage();
    await page.goto(`${address}/#/judges`);
    const rows = page.locator('.differing');
    await rows.first().waitFor(PATIENCE);
    await store.shadows.keep(said('strict', first, { revision: 7, feedback: 'The newest of all.' }));
    await store.shadows.keep(said('strict', second, { revision: 7, feedback: 'The newest but one.' }));
    const more = page.getByRole('button', { name: 'Show 2 newer' });
    await more.waitFor(PATIENCE);
    expect(await page.getByText('The newest of all.').count()).toBe(0);
    await more.click();
    await page.getByText('The newest of all.').waitFor(PATIENCE);
    await more.waitFor({ state: 'detached', ...PATIENCE });
    expect(errors).toEqual([]);
  });

  it('keeps what it shows while the server is away', async () => {
    const { address, run, store } = await atWork(built());
    await run.exited;
    await judgeAll(store, 'strict');
    const { page } = await openPage();
    await page.goto(`${address}/#/judges`);
    await page.locator('.differing').first().waitFor(PATIENCE);
    await page.context().setOffline(true);
    const problem = page.getByText('The server does not answer.');
    await problem.waitFor(PATIENCE);
    expect(await page.locator('.differing').count()).toBe(50);
    await page.context().setOffline(false);
    await problem.waitFor({ state: 'detached', ...PATIENCE });
    expect(await page.locator('.differing').count()).toBe(50);
  });

  it('tells a reviewer what each of two judges says', async () => {
    const { address, run, store } = await atWork(built());
    await run.exited;
    const [work, question] = [newWork({ stage: 'verdicts' }), questionOf('Who is right?')];
    const message = storageMessage.parse({
      ...{ v: 1, lane: MAIN_LANE, revision: 0, question, research, review: approval },
      ...{ candidate: { prompt: 'P', answer: 'A' }, provenance: [] },
    });
    const shadow = { name: 'strict', score: 4, verdict: 'rejected', feedback: 'Too thin.' };
    await store.reviewQueue.put(work, waitingOf('disagreement', { message, shadow }));
    const { page, errors } = await openPage();
    await page.addInitScript("localStorage.setItem('millrace-reviewer', 'Ann')");
    await page.goto(`${address}/#/review`);
    await page.getByText(/; shadow strict says rejected, 4\./).waitFor(PATIENCE);
    const said = page.getByRole('region', { name: 'Judge' }).locator('.shadow');
    expect(await said.textContent()).toBe('Shadow judge strictrejectedlowest score4Too thin.');
    expect(await seriousProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('is usable by everybody, with several judges, wide or narrow, light or dark', async () => {
    const { address, run, store } = await atWork(built());
    await run.exited;
    await judgeAll(store, 'strict');
    await judgeAll(store, 'mild');
    await putShadowLane(store, shadowLaneOf('fresh'));
    for (const width of [1_440, 390]) {
      const { page, errors } = await openPage({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        for (const [name, shown] of VIEWS) {
          await page.goto(`${address}/?${colorScheme}#/judges/${name}`);
          await page.locator(shown).first().waitFor(PATIENCE);
          expect(await seriousProblems(page), `${name}, ${width} wide, ${colorScheme}`).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        }
      }
      expect(errors).toEqual([]);
    }
  });
});

const VIEWS = [
  ['strict', '.differing'],
  ['fresh', '.judge .more p'],
] as const;

/** Every question is rejected by the shadow and approved by the live judge, but for ten; over three days. */
async function judgeAll(store: Store, shadow: string, agreed = AGREED): Promise<readonly QuestionId[]> {
  await putShadowLane(store, shadowLaneOf(shadow));
  const questions = await listOf(store.reports.questionsOf(MAIN_LANE));
  const ids = questions.map(({ questionId }) => questionId);
  for (let revision = 0; revision < REVISIONS; revision += 1)
    for (const [index, id] of ids.entries()) {
      const at = new Date(Date.now() - (revision + 1) * 86_400_000 - index * 1_000).toISOString();
      const agrees = revision === 0 && index < agreed;
      await store.shadows.keep(
        said(shadow, id, { revision, at, ...(agrees ? { verdict: 'approved', score: 9 } : {}) }),
      );
    }
  return ids;
}

function said(
  shadow: string,
  questionId: QuestionId | undefined,
  overrides: Partial<ShadowVerdict>,
): ShadowVerdict {
  return {
    ...{ shadow, lane: MAIN_LANE, questionId: questionId ?? ('' as QuestionId), revision: 0 },
    ...{ live: 'approved', liveScore: 8, verdict: 'rejected', score: 4 },
    feedback: 'Too thin: no example, no numbers.',
    at: new Date().toISOString(),
    ...overrides,
  };
}
