import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, describe, it, onTestFinished } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/** A browser that is installed here: `MILLRACE_TEST_CHROMIUM`, else where systems put it. */
const executablePath = process.env['MILLRACE_TEST_CHROMIUM'] ?? PLACES.find((path) => existsSync(path));

/** Tests in a real browser; skipped with one clear line where none is installed. */
export function describeInBrowser(name: string, define: () => void): void {
  if (executablePath !== undefined) {
    describe(name, () => {
      afterAll(closeBrowser);
      define();
    });
    return;
  }
  console.warn(`Skipped: ${name}. No Chromium is installed here: name one in MILLRACE_TEST_CHROMIUM.`);
  describe.skip(name, () => it('needs a browser', () => undefined));
}

export type OpenedPage = Readonly<{ page: Page; errors: readonly string[] }>;

/** One for all tests of a file: starting it costs more than most of them. */
const shared: { browser?: Promise<Browser> } = {};

async function closeBrowser(): Promise<void> {
  const { browser } = shared;
  delete shared.browser;
  await (await browser)?.close();
}

/** A page that shares nothing with another, and what its console says of errors. Both end with the test. */
export async function openPage(size = { width: 1_440, height: 900 }): Promise<OpenedPage> {
  shared.browser ??= chromium.launch({ executablePath: executablePath ?? '', args: FLAGS });
  const context = await (await shared.browser).newContext({ viewport: size });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, errors };
}
