import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { MAIN } from '../../support/process/millrace.ts';
import { tempDir } from '../../support/temp-dir.ts';

const run = promisify(execFile);
const millrace = (cwd: string, ...args: readonly string[]) => run(process.execPath, [MAIN, ...args], { cwd });
const SIMULATED = ['--simulate', 'latency=1ms', '--quiet', '--data', 'data'];

const weather = {
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};

it('system prompt and tools of a question, or of the flags where it brings none, stand in what is exported', async () => {
  const directory = await tempDir();
  const rows = [
    { question: 'What is the weather in Paris?', system: 'You are the ACME bot.', tools: [weather] },
    { question: 'And in Rome?' },
  ];
  await writeFile(join(directory, 'q.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  await writeFile(join(directory, 'system.txt'), 'Answer in one sentence.\n');
  await writeFile(join(directory, 'tools.json'), JSON.stringify([{ ...weather, name: 'forecast' }]));
  const flags = ['--system', '@system.txt', '--question-tools', 'tools.json', ...SIMULATED];
  await millrace(directory, 'run', 'q.jsonl', ...flags, '--out', 'out.jsonl');
  const lines = (await readFile(join(directory, 'out.jsonl'), 'utf8')).trim().split('\n');
  const made = lines
    .map((line) => JSON.parse(line))
    .map(({ messages, tools }) => [messages[0].content, tools[0].function.name]);
  expect(made).toEqual([
    ['You are the ACME bot.', 'get_weather'],
    ['Answer in one sentence.', 'forecast'],
  ]);
  const bad = millrace(directory, 'run', 'q.jsonl', '--question-tools', 'nowhere.json', ...SIMULATED);
  await expect(bad).rejects.toMatchObject({
    stderr: expect.stringContaining('--question-tools: the file nowhere.json cannot be read.'),
  });
});

it('the source of a question stands in the rows of a run that asks for it, and of an export alone, at no call', async () => {
  const directory = await tempDir();
  const text = 'When is the shop open?';
  const context = 'The shop is open from nine to five.';
  await writeFile(join(directory, 'q.jsonl'), JSON.stringify({ question: text, context }));
  const first = async (file: string) => JSON.parse(await readFile(join(directory, file), 'utf8'));
  await millrace(directory, 'run', 'q.jsonl', '--context-turn', 'before', ...SIMULATED, '--out', 'run.jsonl');
  expect((await first('run.jsonl')).messages[0].content).toBe(`${context}\n\n${text}`);
  const data = ['export', '--dry-run', '--data', 'data', '--out', 'out.jsonl'];
  await millrace(directory, ...data);
  expect((await first('out.jsonl')).messages[0].content).toBe(text);
  await millrace(directory, ...data, '--context-turn', 'before', '--format', 'alpaca');
  expect(await first('out.jsonl')).toMatchObject({ instruction: text, input: context });
});

it('a run of one type is written in the format that holds it, and in the one that a flag names', async () => {
  const directory = await tempDir();
  await writeFile(join(directory, 'q.jsonl'), JSON.stringify({ question: 'What is 6 times 7?' }));
  const flags = ['--training-type', 'reasoning', ...SIMULATED, '--out', 'out.jsonl'];
  await millrace(directory, 'run', 'q.jsonl', ...flags);
  const line = async () => JSON.parse(await readFile(join(directory, 'out.jsonl'), 'utf8'));
  expect((await line()).completion[0].reasoning_content).toContain('[simulated]');
  const data = ['export', '--dry-run', '--data', 'data', '--out', 'out.jsonl'];
  await millrace(directory, ...data);
  expect(await line()).toHaveProperty('completion');
  await millrace(directory, ...data, '--format', 'openai');
  expect(await line()).toHaveProperty('messages');
});

it('the terminal says what the format leaves out of what a type is for, and which format keeps it', async () => {
  const directory = await tempDir();
  const rows = ['reasoning', 'dpo'].map((type) =>
    JSON.stringify({ question: `What is WAL? (${type})`, training_type: type }),
  );
  await writeFile(join(directory, 'q.jsonl'), rows.join('\n'));
  const { stdout } = await millrace(directory, 'run', 'q.jsonl', ...SIMULATED, '--out', 'out.jsonl');
  expect(stdout).toContain(
    'openai has no place for the thoughts of reasoning examples: --format trl keeps them',
  );
  expect(stdout).toContain('openai holds the chosen answers of pairs alone: --format dpo keeps both');
});
