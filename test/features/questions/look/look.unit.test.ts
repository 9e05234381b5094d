import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { look } from '../../../../src/features/questions/look/look.ts';
import { lookText } from '../../../../src/features/questions/look/look-text.ts';
import type { InputOptions } from '../../../../src/infra/input/input-entry.ts';
import { tempDir } from '../../../support/temp-dir.ts';

async function shown(rows: readonly object[], options: Partial<InputOptions> = {}): Promise<string> {
  const file = join(await tempDir(), 'q.jsonl');
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const defaults = { topic: '', subTopic: '', trainingType: 'sft' };
  const looked = await look(file, { defaults, trainingTypes: ['sft', 'dpo', 'reasoning'], ...options });
  return lookText(looked);
}

describe('look', () => {
  it('names each of our own names that any row has, and none that a flag gave', async () => {
    const rows = [
      { question: 'A?', system: 'Be brief.' },
      { question: 'B?', sub_topic: 's', id: 7, note: 'x' },
    ];
    const topic = { topic: 'law', subTopic: '', trainingType: 'sft', tools: [] };
    const text = await shown(rows, { defaults: topic });
    expect(text).toMatch(
      /\n {2}question\s+question\n {2}sub_topic\s+sub_topic\n {2}id\s+id\n {2}system\s+system\n {2}metadata\s+note\n/,
    );
    expect(text).not.toMatch(/\n {2}topic/);
  });

  it('names the id and the labels that rows of other tools bring', async () => {
    const text = await shown([{ id: 'a-1', topic: 'sums', instruction: 'Add 1 and 1.', output: '2' }]);
    expect(text).toMatch(/\n {2}id\s+id\n {2}topic\s+topic\n/);
    expect(text).not.toContain('metadata');
  });

  it('says how many rows have no answer, where others have one', async () => {
    const rows = [
      { prompt: 'A?', completion: 'x' },
      { prompt: 'B?', completion: '' },
    ];
    expect(await shown(rows)).toContain('\n1 row has no answer: it is bad for --from answer.\n');
    const many = [...rows, { prompt: 'C?', completion: '' }, { prompt: 'D?', completion: '' }];
    expect(await shown(many)).toMatch(
      /\n3 rows have no answer: .* and a run\s+would\s+not\s+begin\s+\(--max-bad\)\.\n/,
    );
    expect(await shown([{ question: 'A?' }])).not.toContain('no answer');
  });

  it('counts and shows the answers that are to be judged', async () => {
    const text = await shown([{ instruction: 'Add 1 and 1.', output: '2' }], { from: 'answer' });
    expect(text).toContain('1 question, 1 with an answer.');
    expect(text).toContain('   answer: 2\n   sft');
  });

  it('shows pairs as what a pair makes', async () => {
    const pair = { prompt: 'Why?', chosen: 'So.', rejected: 'No.' };
    expect(await shown([pair])).toContain('   rejected: No.\n   sft (dpo with --from pair)');
    expect(await shown([pair], { from: 'pair' })).toContain('   chosen: So.\n   rejected: No.\n   dpo');
  });

  it('names what of passages is not kept', async () => {
    const passages = [
      { text: 'So.', source: 'a.pdf', page: 3 },
      { text: 'So too.', title: 'B', url: 'b' },
    ];
    expect(await shown([{ question: 'Why?', passages }])).toContain(
      '\nOf passages id, title and text are kept, and not: source, page, url.\n',
    );
    expect(await shown([{ question: 'Why?', passages: JSON.stringify(passages) }])).toContain('page, url');
    expect(await shown([{ question: 'Why?', passages: [{ text: 'So.', id: 'a' }, 'So.'] }])).not.toContain(
      'not:',
    );
  });

  it('tells the languages of the questions', async () => {
    const rows = [
      { question: 'What is it?' },
      { question: 'Was ist das?' },
      { question: 'What is that?' },
      { question: '7' },
    ];
    expect(await shown(rows)).toContain(
      '\nLanguages, by frequent words: English 2, German 1, others or not told 1.\n',
    );
    expect(await shown([{ question: 'Was ist das?' }])).toContain(
      '\nLanguages, by frequent words: German.\n',
    );
    expect(await shown([{ question: '7' }])).not.toContain('Languages');
  });
});
