import { describe, expect, it } from 'vitest';
import { unavailable } from '../../../../src/infra/tools/fetch/fetch-failures.ts';
import { Robots } from '../../../../src/infra/tools/fetch/robots.ts';
import { refusedForGood } from '../../../../src/infra/tools/refused-for-good.ts';
import { failureOf } from '../../../support/failure-of.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const signal = new AbortController().signal;
const page = new URL('https://example.org/private/page');

function robotsOf(answer: () => string) {
  const asked: string[] = [];
  const clock = { nowMs: 0 };
  const get = async (url: string) => {
    asked.push(url);
    return { url, type: 'text/plain', bytes: Buffer.from(answer()) };
  };
  return { robots: new Robots({ get }, () => clock.nowMs), asked, clock };
}

describe('the robots.txt of a site', () => {
  it('forbids what it names, to us or to all, and nothing else', async () => {
    const { robots } = robotsOf(() => 'User-agent: *\nDisallow: /private/\nAllow: /private/open\n');
    expect(await failureOf(() => robots.assertMayRead(page, signal))).toMatchObject({
      kind: 'content',
      code: 'robots_refuse',
    });
    await robots.assertMayRead(new URL('https://example.org/private/open'), signal);
    await robots.assertMayRead(new URL('https://example.org/'), signal);
    const { robots: ours } = robotsOf(() => 'User-agent: millrace\nDisallow: /\n\nUser-agent: *\nAllow: /\n');
    expect(await failureOf(() => ours.assertMayRead(page, signal))).toMatchObject({ code: 'robots_refuse' });
  });

  it('that is not there forbids nothing', async () => {
    const { robots } = robotsOf(() => {
      throw refusedForGood('no_such_page', '404');
    });
    await robots.assertMayRead(page, signal);
  });

  it('that cannot be had forbids everything for now, and is asked for again soon', async () => {
    let isDown = true;
    const { robots, clock } = robotsOf(() => {
      if (isDown) throw unavailable('page_unavailable', '503');
      return '';
    });
    expect(await failureOf(() => robots.assertMayRead(page, signal))).toMatchObject({
      kind: 'transient',
      code: 'robots_unknown',
    });
    isDown = false;
    clock.nowMs += 61_000;
    await robots.assertMayRead(page, signal);
  });

  it('is asked for once a day, however many pages are read meanwhile', async () => {
    const { robots, asked, clock } = robotsOf(() => '');
    await Promise.all([robots.assertMayRead(page, signal), robots.assertMayRead(page, signal)]);
    clock.nowMs = DAY_MS - 1;
    await robots.assertMayRead(page, signal);
    expect(asked).toEqual(['https://example.org/robots.txt']);
    clock.nowMs = DAY_MS + 1;
    await robots.assertMayRead(page, signal);
    expect(asked).toHaveLength(2);
  });
});
