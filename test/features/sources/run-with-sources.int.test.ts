import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addSource } from '../../../src/features/sources/add-source.ts';
import { exportLines, generateSyntheticData } from '../../../src/index.ts';
import { indexPath } from '../../../src/infra/documents/index/index-place.ts';
import { SourceIndex } from '../../../src/infra/documents/index/source-index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { tempDir } from '../../support/temp-dir.ts';

const QUESTIONS = [
  'At which oil pressure must the Corvid engine be stopped?',
  'Which colour has the paint of the propeller in Tasmania?',
];
const simulate = 'latency=0,reject=0%';

/** A data directory with one document indexed. */
async function indexed(): Promise<string> {
  const data = await tempDir();
  const root = join(data, 'manuals');
  await mkdir(root);
  await writeFile(
    join(root, 'oil.md'),
    '# Corvid\n\nBelow an oil pressure of 1.2 bar the engine must be stopped at once.\n',
  );
  const index = new SourceIndex(indexPath({ data, namespace: 'millrace' }), data);
  await addSource(index, root);
  index.close();
  return data;
}

describe('a run on sources', () => {
  it('rests on them by itself where documents are indexed, and drops what they do not answer', async () => {
    const data = await indexed();
    const { examples, errors } = await generateSyntheticData({ questions: QUESTIONS, data, simulate });
    expect(examples.map(({ v, research }) => [v, research.coverage, research.evidence?.length])).toEqual([
      [3, 'full', 1],
    ]);
    expect(examples[0]?.research.evidence?.[0]).toMatchObject({
      source: 'documents:manuals/oil.md',
      quote: 'Below an oil pressure of 1.2 bar the engine must be stopped at once.',
    });
    expect(Object.keys(examples[0]?.review.scores ?? {})).toContain('grounding');
    expect(errors).toMatchObject([{ code: 'no_evidence' }]);
  });

  it('lets the model look things up itself where tools are asked for: its calls are its turns, and a lane keeps its mode', async () => {
    const data = await indexed();
    const first = { questions: QUESTIONS.slice(0, 1), data, simulate, research: 'tools' } as const;
    const { examples } = await generateSyntheticData(first);
    const [found] = examples;
    expect(found?.research.evidence).toMatchObject([{ source: 'documents:manuals/oil.md' }]);
    expect(found?.provenance[0]?.calls).toBeGreaterThan(1);
    const again = await generateSyntheticData({ questions: QUESTIONS, data, simulate });
    expect(again.errors).toMatchObject([{ code: 'no_evidence' }]);
    expect(again.examples[0]?.provenance).toEqual(found?.provenance);
  });

  it('keeps what they do not answer where that is asked for', async () => {
    const data = await indexed();
    const options = { questions: QUESTIONS, data, simulate, unanswerable: 'keep' } as const;
    const { examples } = await generateSyntheticData(options);
    expect(examples.map(({ research }) => research.coverage)).toEqual(['full', 'none']);
  });

  it('leaves a lane that was worked from memory as it is when documents are added later', async () => {
    const data = await tempDir();
    const first = await generateSyntheticData({ questions: ['Why?'], data, simulate });
    const root = join(data, 'late');
    await mkdir(root);
    await writeFile(join(root, 'a.txt'), 'A text about oil pressure.');
    const index = new SourceIndex(indexPath({ data, namespace: 'millrace' }), data);
    await addSource(index, root);
    index.close();
    const second = await generateSyntheticData({ questions: ['Why?', 'Why not?'], data, simulate });
    expect(second.examples.map(({ v, research }) => [v, research.coverage])).toEqual([
      [2, undefined],
      [2, undefined],
    ]);
    expect(second.examples[0]?.provenance).toEqual(first.examples[0]?.provenance);
  });

  it('rests on what each question brings where that is named, and from memory where it is not', async () => {
    const context = 'Below an oil pressure of 1.2 bar the Corvid engine must be stopped at once.';
    const questions = [{ question: QUESTIONS[0] ?? '', context }];
    const coverage = async (options: Readonly<{ researchSource?: string[] }>) => {
      const { examples } = await generateSyntheticData({
        questions,
        data: await tempDir(),
        simulate,
        ...options,
      });
      return examples.map(({ research }) => research.coverage);
    };
    expect(await coverage({ researchSource: ['context'] })).toEqual(['full']);
    expect(await coverage({})).toEqual([undefined]);
  });

  it('that names a source which is none is refused with those there are, before anything is asked', async () => {
    const options = { questions: ['Why?'], data: await indexed(), simulate, research: 'sources' } as const;
    const { message } = await failureOf(() =>
      generateSyntheticData({ ...options, researchSource: ['manual'] }),
    );
    expect(message).toBe('There is no source named manual. Known are manuals.');
    const { errors } = await generateSyntheticData({ ...options, researchSource: ['manuals', 'context'] });
    expect(errors).toMatchObject([{ code: 'no_evidence' }]);
  });

  it('that cites has the marks of its quotes in its answers, and exports have them where they mean something', async () => {
    const data = await indexed();
    const options = { questions: QUESTIONS, data, simulate, unanswerable: 'keep', cite: true } as const;
    const { examples } = await generateSyntheticData(options);
    const marks = examples.map(({ candidate }) => JSON.stringify(candidate).includes('[e1]'));
    expect(marks).toEqual([true, false]);
    const [cited] = examples;
    if (cited === undefined) throw new RangeError('nothing was answered');
    const lineIn = (format: string) => JSON.stringify(exportLines(cited, format));
    for (const format of ['record', 'citations']) expect(lineIn(format)).toContain('[e1]');
    for (const format of ['openai', 'sharegpt', 'alpaca', 'rag', 'trl'])
      expect(lineIn(format), format).not.toContain('[e1]');
    expect(lineIn('openai')).toContain('"kind":"line"');
    const fromMemory = { questions: QUESTIONS, data: await tempDir(), simulate, cite: true } as const;
    expect((await failureOf(() => generateSyntheticData(fromMemory))).message).toMatch(
      /^--cite marks the quotes/,
    );
  });

  it('without a document is refused with words before anything is asked', async () => {
    const options = { questions: ['Why?'], data: await tempDir(), simulate, research: 'sources' } as const;
    expect((await failureOf(() => generateSyntheticData(options))).message).toMatch(
      /No documents are indexed\. Add some: millrace sources add DIR\./,
    );
  });
});
