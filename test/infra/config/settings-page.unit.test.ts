import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingsPage } from '../../../src/infra/config/settings-page.ts';

it('docs/configuration.md is what the schema says (npm run docs)', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  expect(page).toBe(settingsPage());
});
