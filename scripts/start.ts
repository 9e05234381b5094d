// `npm start` runs the main job on the examples; `npm start -- ARGS` is `millrace ARGS`.
import { readFileSync } from 'node:fs';

const isFirst = process.argv.length === 2;
if (isFirst) process.argv.push('run', 'examples/questions.jsonl');
await import('../src/cli/bin.ts');
const names = ['OPENAI_API_KEY', 'OPENAI_BASE_URL'];
if (isFirst && process.exitCode === 0 && names.every((name) => (process.env[name] ?? '') === '')) {
  const { shownRow } = await import('./shown-row.ts');
  const [line = ''] = readFileSync(new URL('../examples/rows.jsonl', import.meta.url), 'utf8').split('\n');
  process.stdout.write(`\n${shownRow(line)}\n`);
}
