// Writes the pages of docs/ that are made from the source.
import { writeFileSync } from 'node:fs';
import { settingsPage } from '../src/infra/config/settings-page.ts';
import { metricsPage } from '../src/infra/metrics/metrics-page.ts';
import { decisionIndex } from './decision-index.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), settingsPage());
writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricsPage());
writeFileSync(new URL('../docs/decisions/README.md', import.meta.url), decisionIndex());
