import { expect, it, onTestFinished } from 'vitest';
import type { Route } from '../../../src/infra/http/route.ts';
import { startHttpServer } from '../../../src/infra/http/server.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { describeInBrowser, openPage } from '../../support/page/browser.ts';
import { atWork, builtPage, PATIENCE } from '../../support/page/page-at-work.ts';
import { until } from '../../support/until.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
/** More than the connections that a browser has for one server. */
const TABS = 8;

describeInBrowser('the page', () => {
  const built = builtPage();

  it('takes the token from the link, out of the address, and hands it to the tabs that are opened from it', async () => {
    const { address, run } = await atWork(built(), [], TOKEN);
    await run.exited;
    const { page, errors } = await openPage();
    await page.goto(`${address}/#token=${TOKEN}`);
    await page.getByText('SIMULATED', { exact: true }).waitFor(PATIENCE);
    expect(page.url()).not.toContain(TOKEN);
    expect(await page.evaluate('localStorage.length')).toBe(0);
    const second = await page.context().newPage();
    await second.goto(`${address}/#/questions`);
    await second.locator('a.question').first().waitFor(PATIENCE);
    expect(errors).toEqual([]);
    const { page: stranger } = await openPage();
    await stranger.goto(address);
    await stranger.locator('form.card input[type=password]').waitFor(PATIENCE);
    await stranger.getByRole('textbox').or(stranger.locator('input')).first().fill(TOKEN);
    await stranger.keyboard.press('Enter');
    await stranger.getByText('SIMULATED', { exact: true }).waitFor(PATIENCE);
  });

  it('follows the stream by one connection, however many tabs are open, and loads in each of them', async () => {
    const { address, run, streams } = await atWork(built(), [], TOKEN);
    const { page } = await openPage();
    await page.goto(`${address}/#token=${TOKEN}`);
    await page.getByText('SIMULATED', { exact: true }).waitFor(PATIENCE);
    const tabs = [page];
    for (let index = 1; index < TABS; index += 1) {
      const tab = await page.context().newPage();
      await tab.goto(address);
      await tab.getByText('SIMULATED', { exact: true }).waitFor(PATIENCE);
      await tab.locator('.where .live:not(.away)').waitFor(PATIENCE);
      tabs.push(tab);
    }
    expect(streams()).toBe(1);
    await run.exited;
    await page.close();
    await until('another tab follows', () => streams() === 1);
    await tabs.at(-1)?.locator('.where .live:not(.away)').waitFor(PATIENCE);
  });

  it('decides once for one press of a key: what follows at once is not meant for it', async () => {
    const { address, run, store } = await atWork(built(), ['--hold-scores', '0..10']);
    await run.exited;
    const { page } = await openPage();
    await page.addInitScript("localStorage.setItem('millrace-reviewer', 'Ann')");
    await page.goto(`${address}/#/review`);
    await page.locator('.item h2').waitFor(PATIENCE);
    await page.evaluate(
      "for (const key of ['r', 'a', 'u']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))",
    );
    await page.locator('form.rejection textarea').waitFor(PATIENCE);
    await page.keyboard.type('a rather thin answer');
    await page.keyboard.press('Enter');
    const kept = async () => (await store.reviewQueue.decisions({ lane: MAIN_LANE, limit: 50 })).decisions;
    await until('it is decided', async () => (await kept()).length > 0);
    expect((await kept()).map(({ verdict }) => verdict)).toEqual(['reject']);
  });

  it('takes no key at the desk in a window that a page elsewhere opened, before a first click', async () => {
    const { address, run, store } = await atWork(built(), ['--hold-scores', '0..10']);
    await run.exited;
    const elsewhere: Route = {
      ...{ method: 'GET', path: '/', summary: 'Another page.', open: true, hidden: true, replies: {} },
      answer: (_request, reply) => {
        reply.header('content-security-policy', '').type('text/html');
        return `<a href="${address}/#/review">the desk</a>`;
      },
    };
    const common = { port: 0, host: '127.0.0.1', token: undefined, version: '0.0.0' };
    const other = await startHttpServer({ ...common, routes: [elsewhere] });
    onTestFinished(() => other.close());
    const { page } = await openPage();
    await page.goto(address);
    await page.evaluate("localStorage.setItem('millrace-reviewer', 'Ann')");
    // The same port would be the same site; another name is another one.
    await page.goto(other.address.replace('127.0.0.1', 'localhost'));
    await page.getByRole('link', { name: 'the desk' }).click();
    await page.locator('.item h2').waitFor(PATIENCE);
    const first = (await page.locator('.item h2').textContent()) ?? '';
    const kept = async () => (await store.reviewQueue.decisions({ lane: MAIN_LANE, limit: 50 })).decisions;
    await page.keyboard.press('a');
    await page.keyboard.press('j');
    await page
      .locator('.item h2')
      .and(page.getByText(first, { exact: true }))
      .waitFor({ ...PATIENCE, state: 'detached' });
    await page.locator('.item h2').waitFor(PATIENCE);
    await page.keyboard.press('a');
    await until('it is decided', async () => (await kept()).length > 0);
    expect(await kept()).toHaveLength(1);
  });
});
