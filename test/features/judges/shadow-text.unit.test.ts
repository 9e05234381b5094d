import { describe, expect, it } from 'vitest';
import type { ShadowDetail } from '../../../src/features/judges/http/schemas.ts';
import { shadowTable, shadowText } from '../../../src/features/judges/shadow-text.ts';
import { shadowVerdict } from '../../support/fakes/fake-shadow-book.ts';

const agreement = {
  ...{ judged: 50, both: 20, neither: 15, liveOnly: 5, shadowOnly: 10 },
  ...{ agreement: 0.7, kappa: 0.4, scoreDifference: -0.354 },
};
const live = {
  ...{
    model: 'gpt-4o-mini',
    works: 1_200,
    costUsd: 1.2,
    costPer1000Usd: 1,
    tokens: 61_200,
    unpricedCalls: 0,
  },
};
const report: ShadowDetail = {
  ...{ name: 'strict', lane: 'main', since: '2026-03-01T12:00:00.000Z', recipe: 'abc123', minScore: 8 },
  ...{ ...agreement, failed: 2, lag: 7, sided: { withLive: 1, withShadow: 2 } },
  cost: { shadow: { ...live, model: 'gpt-4o', works: 50, costUsd: 0.6, costPer1000Usd: 12 }, live },
  byDay: [{ day: '2026-03-01', ...agreement }],
};
const fresh: ShadowDetail = {
  ...{ ...report, judged: 0, both: 0, neither: 0, liveOnly: 0, shadowOnly: 0, byDay: [] },
  ...{ agreement: null, kappa: null, scoreDifference: null, sided: { withLive: 0, withShadow: 0 } },
};

describe('the table of shadow judges', () => {
  it('has agreement, both costs, failures and lag of each', () => {
    expect(shadowTable([report])).toMatch(
      /strict +gpt-4o +50 +70\.0 % +0\.4 +-0\.35 +\$12\.00 +\$1\.00 +2 +7\n/,
    );
  });

  it('calls nothing free whose price is not known, and knows what it does not know', () => {
    const unpriced = { ...live, costUsd: 0, costPer1000Usd: null, unpricedCalls: 50 };
    const table = shadowTable([{ ...fresh, lag: null, cost: { shadow: unpriced, live } }]);
    expect(table).toMatch(/ 0 +- +- +- +unpriced +\$1\.00 +2 +unknown\n/);
  });

  it('says how to start one where there is none', () => {
    expect(shadowTable([])).toContain('millrace run questions.jsonl --shadow strict=gpt-4o');
  });
});

describe('the text of one shadow judge', () => {
  it('has the four cases, the agreement with how sure it is, days, costs, and with whom people sided', () => {
    const text = shadowText(report, []);
    expect(text).toContain(
      'strict: gpt-4o beside gpt-4o-mini, the judge of lane main, since 2026-03-01T12:00:00',
    );
    expect(text).toContain('50 candidates judged, 2 failed, 7 to go.');
    expect(text).toContain('agree on 70.0 % (between 58.5 % and 79.4 % with 90 % confidence); kappa 0.4');
    expect(text).toMatch(/judge approves +20 +5\njudge rejects +10 +15\n/);
    expect(text).toMatch(/2026-03-01 +50 +70\.0 % +0\.4 +-0\.35\n/);
    expect(text).toMatch(/shadow +gpt-4o +50 +\$12\.00 +61\.2K tokens, \$0\.6000\n/);
    expect(text).toContain('People decided 3 disagreements: 1 as the judge, 2 as the shadow.');
  });

  it('says of one that judged nothing yet what is known of it, and nothing else', () => {
    const text = shadowText(fresh, []);
    expect(text).toContain('0 candidates judged, 2 failed, 7 to go.');
    expect(text).not.toMatch(/agree|People|NaN|null/);
  });

  it('shows disagreements in one line each, and lets no text of strangers write to the terminal', () => {
    const feedback = `Too thin.\n\u001b[31mred ${'long '.repeat(50)}`;
    const text = shadowText(report, [shadowVerdict({ feedback })]);
    expect(text).toMatch(/\n0{24} +0 +approved 8 +rejected 5 +Too thin\. .*…$/);
    expect(text).not.toContain('\u001b');
  });
});
