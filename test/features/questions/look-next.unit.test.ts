import { expect, it } from 'vitest';
import { lookCommand } from '../../../src/features/questions/look-command.ts';
import { typedFlags } from '../../../src/features/questions/look-next.ts';

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
