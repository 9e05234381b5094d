import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../../support/process/millrace.ts';
import { tempDir } from '../../support/temp-dir.ts';

const FREE = ['--simulate', 'latency=0ms', '--format', 'record'];

/** What people bring, each with what is asked of it. */
const FILES: readonly (readonly [name: string, text: string, question: string])[] = [
  ['alpaca.json', '[{"instruction":"Explain WAL","input":"","output":"WAL is a log."}]', 'Explain WAL'],
  ['instruction.jsonl', '{"instruction":"Explain a buffer","input":""}\n', 'Explain a buffer'],
  [
    'messages.jsonl',
    '{"messages":[{"role":"user","content":"What is WAL?"},{"role":"assistant","content":"A log."}]}\n',
    'What is WAL?',
  ],
  ['prompt-completion.jsonl', '{"prompt":"What is WAL?","completion":"A log."}\n', 'What is WAL?'],
  [
    'sharegpt.json',
    '[{"id":"x1","conversations":[{"from":"human","value":"What is WAL?"},{"from":"gpt","value":"A log."}]}]',
    'What is WAL?',
  ],
  ['german-excel.csv', '\ufeffquestion;topic\r\nWas ist WAL?;db\r\n', 'Was ist WAL?'],
  ['capital.jsonl', '{"Question":"What is WAL?"}\n', 'What is WAL?'],
  ['lines.json', '{"question":"What is WAL?"}\n{"question":"What is MVCC?"}\n', 'What is WAL?'],
  ['data.json', '{"data":[{"question":"What is WAL?"}]}', 'What is WAL?'],
  ['pandas.jsonl', '{"question":"What is WAL?","score":NaN}\n', 'What is WAL?'],
];

describe('a file that people have', () => {
  it('is asked as it is: each form in one run of all of them', async () => {
    const cwd = await tempDir();
    for (const [name, text] of FILES) await writeFile(join(cwd, name), text);
    const names = FILES.map(([name]) => name);
    const run = await millrace(['run', ...names, '--from', 'question', ...FREE], { cwd });
    expect(run.code, run.stderr).toBe(0);
    const dataset = await readFile(join(cwd, 'dataset.jsonl'), 'utf8');
    for (const [name, , question] of FILES) expect(dataset, name).toContain(JSON.stringify(question));
    expect(dataset).toContain('"answer":"WAL is a log."');
  });

  it('that brings answers is not paid for until somebody says what they are for', async () => {
    const cwd = await tempDir();
    const [alpaca] = FILES;
    await writeFile(join(cwd, 'alpaca.json'), alpaca?.[1] ?? '');
    const run = await millrace(['run', 'alpaca.json', ...FREE], { cwd });
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('alpaca.json has answers: --from')]);
  });

  it('of a threshold that was too high is had by export --min-score, at no call', async () => {
    const cwd = await tempDir();
    const questions = Array.from({ length: 12 }, (_, index) => `{"question":"What is ${index}?"}\n`).join('');
    await writeFile(join(cwd, 'q.jsonl'), questions);
    const strict = ['--min-score', '10', '--max-revisions', '0'];
    const run = await millrace(['run', 'q.jsonl', ...FREE, ...strict], { cwd });
    expect(run.stdout).toMatch(/rejected/);
    const exported = await millrace(['export', '--min-score', '7', '--format', 'record', '--dry-run'], {
      cwd,
    });
    expect(exported.code, exported.stderr).toBe(0);
    expect(exported.stdout).toMatch(/no model was asked\. \d+ examples of it had been rejected/);
    const ids = (await readFile(join(cwd, 'dataset.jsonl'), 'utf8')).match(/What is \d+\?"/g);
    expect(ids?.length).toBeGreaterThanOrEqual(1);
  });
});
