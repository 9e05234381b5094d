// Writes the pages of docs/ that are made from the source.
import { writeFileSync } from 'node:fs';
import { settingsPage } from '../src/infra/config/settings-page.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), settingsPage());
