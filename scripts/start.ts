// `npm start` runs the main job on the examples; `npm start -- ARGS` is `millrace ARGS`.
if (process.argv.length === 2) process.argv.push('run', 'examples/questions.jsonl');
await import('../src/cli/bin.ts');
