import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decisionIndex } from '../../scripts/decision-index.ts';

it('docs/decisions/README.md lists every decision (npm run docs)', () => {
  const page = readFileSync(new URL('../../docs/decisions/README.md', import.meta.url), 'utf8');
  expect(page).toBe(decisionIndex());
});
