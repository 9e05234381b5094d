import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Research } from '../../../src/stages/example.ts';
import { exportLines } from '../../../src/stages/formats/index.ts';
import { OIL, pieceOf } from '../../support/pieces.ts';
import { exampleOf } from './fixtures.ts';

const { text: _, ...place } = pieceOf({ license: 'cc-by-4.0' });
const research: Research = {
  summary: 'S',
  keyPoints: ['Stop it.'],
  caveats: [],
  evidence: [{ ...place, quote: 'The oil pressure at idle is 1.8 bar', passageHash: 'h', supports: [0] }],
  passages: [{ hash: 'h', text: OIL }],
  coverage: 'full',
};
const nothing: Research = { ...research, evidence: [], passages: [], coverage: 'none' };

const linesOf = (format: string, of: Research, type = 'sft') =>
  exportLines(exampleOf(type, { research: of }), format);

describe('the format rag', () => {
  it('has the passages that the answer rests on beside what is said', () => {
    expect(linesOf('rag', research)).toMatchObject([
      {
        kind: 'line',
        value: {
          messages: [{ role: 'user' }, { role: 'assistant' }],
          documents: [{ title: 'Engine', text: OIL, source: 'oil.md', cited: true }],
          answerable: true,
        },
      },
    ]);
  });

  it('says of a question that the sources do not answer that it is not answerable', () => {
    expect(linesOf('rag', nothing)).toMatchObject([{ value: { documents: [], answerable: false } }]);
  });

  it('has passages that the answer does not rest on among the others, in an order that gives nothing away', () => {
    const distractors = ['One.', 'Two.', 'Three.'].map((text) => pieceOf({ text, path: 'other.md' }));
    const [line] = exportLines(exampleOf('sft', { research }), 'rag', { distractors });
    const { documents } = z
      .object({ documents: z.array(z.object({ text: z.string(), cited: z.boolean(), source: z.string() })) })
      .parse(line?.kind === 'line' ? line.value : undefined);
    expect(documents).toHaveLength(4);
    expect(documents.filter(({ cited }) => cited)).toMatchObject([{ text: OIL, source: 'oil.md' }]);
    expect(
      exportLines(exampleOf('sft', { research }), 'rag', { distractors: distractors.toReversed() }),
    ).toEqual([line]);
    const [unanswered] = exportLines(exampleOf('sft', { research: nothing }), 'rag', { distractors });
    expect(unanswered).toMatchObject({
      value: { documents: [{ cited: false }, { cited: false }, { cited: false }], answerable: false },
    });
  });

  it('has the chosen answer of a pair', () => {
    const [line] = linesOf('rag', research, 'dpo');
    expect(line).toMatchObject({ value: { messages: [{}, { content: 'No: an amorphous solid.' }] } });
  });
});

describe('the format citations', () => {
  it('has each quote with its place and licence', () => {
    const citation = { number: 1, quote: 'The oil pressure at idle is 1.8 bar', title: 'Engine', url: null };
    expect(linesOf('citations', research)).toMatchObject([
      {
        value: {
          citations: [
            { ...citation, path: 'oil.md', place: 'oil.md, line 5, Engine > Oil', license: 'cc-by-4.0' },
          ],
        },
      },
    ]);
  });
});

it.each(['rag', 'citations'])(
  'an example from memory has no line in the format %s, for a reason',
  (format) => {
    expect(exportLines(exampleOf('sft'), format)).toEqual([
      {
        kind: 'skipped',
        reason: `format ${format} failed: the example was made from memory, not from sources`,
      },
    ]);
  },
);
