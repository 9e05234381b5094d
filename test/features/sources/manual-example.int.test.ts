import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addSource } from '../../../src/features/sources/add-source.ts';
import { generateSyntheticData } from '../../../src/index.ts';
import { indexPath } from '../../../src/infra/documents/index/index-place.ts';
import { SourceIndex } from '../../../src/infra/documents/index/source-index.ts';
import { tempDir } from '../../support/temp-dir.ts';

const example = (path: string) => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));
const questionLine = z.object({ question: z.string() });

describe('the manual among the examples', () => {
  it('answers eight of its ten questions with quotes from PDF, Markdown and HTML, and not the other two', async () => {
    const data = await tempDir();
    const simulate = 'latency=0,reject=0%';
    // As after the README's first command: the data was begun from memory.
    await generateSyntheticData({ questions: ['Why?'], data, simulate });
    const index = new SourceIndex(indexPath({ data, namespace: 'millrace' }), data);
    expect(await addSource(index, example('manual'))).toMatchObject({ added: 3, refused: [], passedOver: 0 });
    index.close();
    const lines = readFileSync(example('manual-questions.jsonl'), 'utf8').trim().split('\n');
    const questions = lines.map((line) => questionLine.parse(JSON.parse(line)));
    const options = { questions, data, simulate, research: 'sources' } as const;
    const { examples, errors } = await generateSyntheticData(options);
    expect(examples).toHaveLength(8);
    expect(errors.map(({ code }) => code)).toEqual(['no_evidence', 'no_evidence']);
    const evidence = examples.flatMap(({ research }) => research.evidence ?? []);
    expect(new Set(evidence.map(({ path }) => path))).toEqual(
      new Set(['cooling.md', 'operation.pdf', 'winter.html']),
    );
    expect(evidence.find(({ path }) => path === 'operation.pdf')).toMatchObject({
      locator: { page: 1, heading: 'Oil' },
    });
  });
});
