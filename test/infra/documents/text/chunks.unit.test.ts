import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf } from '../../../../src/infra/documents/text/chunks.ts';
import { markdownText, plainText } from '../../../../src/infra/documents/text/plain-blocks.ts';
import { seededRandom } from '../../../../src/infra/models/random.ts';

const WORDS = [
  'engine',
  'oil',
  'pressure',
  'Bar',
  'stop',
  'impeller.',
  'hours',
  'of',
  'the',
  'winter',
  '漢字',
  'é',
];

/** Paragraphs of words, the same for the same seed. */
function paragraphs(count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? '';
  return Array.from({ length: count }, (_, at) =>
    [`${at}`, ...Array.from({ length: 20 + Math.floor(random() * 80) }, word)].join(' '),
  );
}

const bare = (text: string) => text.replace(/\s+/g, '');

describe('the chunks of a document', () => {
  it('begin with headings, and know under which they stand', () => {
    const text = '# Engine\n\nIntro.\n\n## Oil\n\nPressure.\n\n## Water\n\nImpeller.\n\n# Hull\n\nPaint.';
    expect(chunksOf(markdownText(text, 'm')).map(({ heading, text: chunk }) => [heading, chunk])).toEqual([
      ['Engine', '# Engine\n\nIntro.'],
      ['Engine > Oil', '## Oil\n\nPressure.'],
      ['Engine > Water', '## Water\n\nImpeller.'],
      ['Hull', '# Hull\n\nPaint.'],
    ]);
  });

  it('keep headings that follow each other with the text under them', () => {
    const [only, ...more] = chunksOf(markdownText('# Engine\n\n## Oil\n\nPressure.', 'm'));
    expect(more).toEqual([]);
    expect(only).toMatchObject({ heading: 'Engine > Oil', line: 1, toLine: 5 });
  });

  it('take what looks like a heading within code for code', () => {
    const text = '# A\n\n```sh\n# no heading\n\nls\n```\n\nEnd.';
    expect(chunksOf(markdownText(text, 'm'))).toMatchObject([{ heading: 'A', text }]);
  });

  it('say where they stand', () => {
    const text = `First.\n\n${'long words here. '.repeat(100)}\n\nLast one.`;
    for (const { start, end, text: chunk } of chunksOf(plainText(text, 't')))
      expect(text.slice(start, end)).toBe(chunk);
  });

  it('are never longer than they may be, and lose no character', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constant('x'.repeat(6_000)),
      fc.constant('A sentence of some words. '.repeat(200)),
      fc.constant('# Heading'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.boolean(), (parts, markdown) => {
        const text = parts.join('\n\n');
        const chunks = chunksOf(markdown ? markdownText(text, 'm') : plainText(text, 't'));
        expect(bare(chunks.map((chunk) => chunk.text).join(''))).toBe(bare(text));
        for (const chunk of chunks) expect(chunk.text.length).toBeLessThanOrEqual(2_400);
      }),
      { numRuns: 60 },
    );
  });

  it('stay as they are but for a few where a paragraph is put in', () => {
    const before = paragraphs(400, 7);
    const known = new Set(chunksOf(plainText(before.join('\n\n'), 't')).map(({ hash }) => hash));
    for (const at of [3, 120, 250, 390]) {
      const after = before.toSpliced(at, 0, 'A paragraph that nobody has written before.');
      const made = chunksOf(plainText(after.join('\n\n'), 't')).filter(({ hash }) => !known.has(hash));
      expect(made.length).toBeGreaterThan(0);
      expect(made.length).toBeLessThanOrEqual(6);
    }
  });

  it('are of one row each, found without a look at all the others: a table may have a million', () => {
    const rows = Array.from({ length: 4_096 }, (_, at) => `Part ${at} is fitted with four bolts.`);
    let end = -2;
    const begins = rows.map((row) => {
      const begin = end + 2;
      end = begin + row.length;
      return begin;
    });
    const blocks = rows.map((row, at) => ({ start: begins[at] ?? 0, end: (begins[at] ?? 0) + row.length }));
    let looks = 0;
    const counted = new Proxy(begins, {
      get: (all, key) => {
        looks += 1;
        return Reflect.get(all, key);
      },
    });
    const numbers = rows.map((_, at) => at + 2);
    const chunks = chunksOf({
      title: 't',
      text: rows.join('\n\n'),
      blocks,
      rows: { begins: counted, numbers },
    });
    expect(chunks.map(({ row }) => row)).toEqual(numbers);
    expect(looks).toBeLessThan(64 * rows.length);
  });
});
