import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** A browser that is installed here. Throws where there is none: the variable MILLRACE_TEST_CHROMIUM names another place. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env['MILLRACE_TEST_CHROMIUM'] ?? PLACES.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error('No Chromium is installed here: name one in MILLRACE_TEST_CHROMIUM.');
  return chromium.launch({ executablePath, args: FLAGS });
}
