import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addSource } from '../../../src/features/sources/add-source.ts';
import { indexPath } from '../../../src/infra/documents/index/index-place.ts';
import { SourceIndex } from '../../../src/infra/documents/index/source-index.ts';
import { describeInBrowser, openPage } from '../../support/page/browser.ts';
import { atWork, builtPage, PATIENCE, seriousProblems } from '../../support/page/page-at-work.ts';
import { startMillrace } from '../../support/process/millrace.ts';

const OIL = 'Below an oil pressure of 1.2 bar the Corvid engine must be stopped at once.';

describeInBrowser('the view of sources', () => {
  const built = builtPage();

  it('lists them, shows what a question would be shown, and story and review desk mark the quote in its passage', async () => {
    const { address, run, cwd } = await atWork(built());
    await run.exited;
    const { page, errors } = await openPage();
    await page.goto(`${address}/#/sources`);
    await page.getByText('No documents are indexed').waitFor(PATIENCE);

    const [root, data] = [join(cwd, 'manuals'), join(cwd, '.millrace')];
    await mkdir(root);
    await writeFile(join(root, 'oil.md'), `# Engine\n\n## Oil\n\nRead this first. ${OIL} Then call us.\n`);
    const index = new SourceIndex(indexPath({ data, namespace: 'millrace' }), data);
    await addSource(index, root, { license: 'cc0-1.0' });
    index.close();
    await page.goto(address);
    await page.getByRole('link', { name: 'Sources' }).click();
    await page.getByRole('row', { name: /manuals 1 0 1 cc0-1\.0/ }).waitFor(PATIENCE);
    await page.getByLabel('What a question would be shown').fill('oil pressure');
    await page.getByText('manuals: oil.md, line 1, Engine > Oil · cc0-1.0').waitFor(PATIENCE);
    expect(await seriousProblems(page)).toEqual([]);

    await writeFile(join(cwd, 'oil.txt'), 'At which oil pressure must the Corvid engine be stopped?\n');
    const flags = ['--simulate', 'latency=0,reject=0%', '--research', 'sources', '--quiet'];
    await startMillrace(['run', 'oil.txt', ...flags], { cwd }).exited;
    await page.goto(`${address}/#/questions?q=Corvid`);
    await page
      .getByRole('link', { name: /Corvid/ })
      .first()
      .click();
    await page.locator('.quote mark').first().waitFor(PATIENCE);
    expect(await page.locator('.quote mark').first().textContent()).toBe(OIL);
    expect(await page.locator('.quote blockquote').first().textContent()).toContain('Then call us.');
    const shot = process.env['SHOT'];
    if (shot !== undefined) await page.screenshot({ path: `${shot}-story.png`, fullPage: true });

    await writeFile(join(cwd, 'held.txt'), 'Below which oil pressure is the Corvid engine stopped?\n');
    await startMillrace(['run', 'held.txt', ...flags, '--hold-share', '100%'], { cwd }).exited;
    await page.evaluate("localStorage.setItem('millrace-reviewer', 'Ann')");
    await page.goto(`${address}/#/review`);
    await page.locator('.item .quote mark').first().waitFor(PATIENCE);
    expect(await page.locator('.item .quote mark').first().textContent()).toBe(OIL);
    expect(errors).toEqual([]);
    if (shot !== undefined) {
      await page.screenshot({ path: `${shot}-desk.png`, fullPage: true });
      await page.goto(`${address}/#/sources?q=oil`);
      await page.locator('.pieces').waitFor(PATIENCE);
      await page.screenshot({ path: `${shot}-sources.png` });
    }
  });
});
