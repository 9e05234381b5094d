import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricsPage } from '../../../src/infra/metrics/metrics-page.ts';

it('docs/metrics.md is what the catalogue says (npm run docs)', () => {
  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  expect(page).toBe(metricsPage());
});
