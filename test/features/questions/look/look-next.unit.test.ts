import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { look } from '../../../../src/features/questions/look/look.ts';
import { lookCommand } from '../../../../src/features/questions/look/look-command.ts';
import { nextText, typedFlags } from '../../../../src/features/questions/look/look-next.ts';
import { tempDir } from '../../../support/temp-dir.ts';

it('the next command after a look has each flag that was typed, but for how it is shown', () => {
  const command = lookCommand().action(() => undefined);
  const given = [
    ...['a.jsonl', '--topic', 'tax law', '--sub-topic', 'VAT', '--training-type', 'tool-calls', '--json'],
    ...['--map', 'question=q', '--map', 'id=n', '--from', 'answer', '--as', 'conversation'],
    ...['--reference', 'answer', '--system', '@s.txt', '--question-tools', 'tools.json'],
    ...['--separator', ';', '--encoding', 'utf-16', '--config', 'my.yaml', '--verbose'],
  ];
  command.parse(given, { from: 'user' });
  expect(typedFlags(command).toSorted()).toEqual([
    '--as conversation',
    '--config my.yaml',
    '--encoding utf-16',
    '--from answer',
    '--map id=n',
    '--map question=q',
    '--question-tools tools.json',
    '--reference answer',
    "--separator ';'",
    '--sub-topic VAT',
    '--system @s.txt',
    "--topic 'tax law'",
    '--training-type tool-calls',
  ]);
  expect(typedFlags(lookCommand())).toEqual([]);
});

async function next(rows: readonly object[], flags: readonly string[] = []): Promise<string> {
  const file = join(await tempDir(), 'q.jsonl');
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const defaults = { topic: '', subTopic: '', trainingType: 'sft' };
  const looked = await look(file, { defaults, trainingTypes: ['sft', 'dpo', 'tool-calls'] });
  return nextText({ files: ['q.jsonl'], flags, chosen: false }, looked);
}

const text = (content: string) => ({ messages: [{ role: 'user', content: 'A?' }, answerOf(content)] });
const answerOf = (content: string) => ({ role: 'assistant', content });
const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } };
const calling = {
  tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
  messages: [
    { role: 'user', content: 'Is it warm in Rome?' },
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: '31' },
    answerOf('Yes, 31 degrees.'),
  ],
};
const pair = { prompt: 'Why?', chosen: 'So.', rejected: 'No.' };

it('what reads most of the answers is the next command', async () => {
  expect(await next([text('x')])).toMatch(
    /^Next: millrace run q\.jsonl --from answer\n {2}\(judges the answers,/,
  );
  expect(await next([pair])).toMatch(/^Next: millrace run q\.jsonl --from pair\n {2}\(judges the pairs,/);
  expect(await next([calling], ['--topic law', '--training-type sft'])).toMatch(
    /^Next: millrace run q\.jsonl --topic law --from answer --training-type tool-calls\n/,
  );
});

it('of answers of several kinds it says how many can be judged so', async () => {
  expect(await next([calling, text('x'), text('y')])).toMatch(
    /^Next: millrace run q\.jsonl --from answer\n {2}\(judges 2 of the answers,/,
  );
  expect(await next([calling, calling, text('x')])).toMatch(
    /^Next: .* --training-type tool-calls\n {2}\(judges 2 of the answers,/,
  );
});

it('answers that nothing can judge are only asked anew', async () => {
  const { tools: _, ...without } = calling;
  expect(await next([without])).toBe(
    'Next: millrace run q.jsonl --from question\n  (writes new answers, and keeps these beside them: none of them can be judged)',
  );
});

it('an answer or a system prompt under the names of other tools beside a question is proposed', async () => {
  const orca = { question: 'Why?', system_prompt: 'Be brief.', response: 'So.' };
  expect(await next([orca])).toBe(
    [
      'Next: millrace run q.jsonl',
      '  or: millrace run q.jsonl --map answer=response,system=system_prompt --from answer',
      '  (judges these answers, keeps the good ones and mends the rest;',
      '  otherwise they are metadata)',
    ].join('\n'),
  );
  expect(await next([{ question: 'Why?', system_prompt: 'Be brief.' }])).toContain(
    '\n  or: millrace run q.jsonl --map system=system_prompt\n',
  );
  for (const row of [
    { question: 'Why?', answers: { text: ['So.'] } },
    { question: 'Why?', level: 'school' },
  ])
    expect(await next([row])).toBe('Next: millrace run q.jsonl');
});
