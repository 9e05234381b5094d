import { printable } from '../../infra/terminal/format.ts';
import { type Evidence, placeText } from '../../stages/evidence/piece.ts';
import type { Research } from '../../stages/example.ts';

const MOST_SHOWN_TEXT = 500;
/** Of the passage, on each side of the quote. */
const MARGIN = 120;

/** Research as a person reads it: each key point, and under it the quotes that it rests on, marked in their passages. */
export function researchLines(research: Research): readonly string[] {
  const { summary, keyPoints, caveats, evidence = [], coverage } = research;
  return [
    `    ${printable(summary, MOST_SHOWN_TEXT)}`,
    ...(coverage === undefined ? [] : [`    the sources answer it: ${COVERAGE[coverage]}`]),
    ...keyPoints.flatMap((point, index) => {
      const quotes = evidence.filter(({ supports }) => supports.includes(index));
      const none = quotes.length === 0 ? ' (no quote supports it)' : '';
      return [
        `    ${index + 1}. ${printable(point, MOST_SHOWN_TEXT)}${none}`,
        ...quotes.flatMap((quote) => quoteLines(quote, research)),
      ];
    }),
    ...caveats.map((caveat) => `    caveat: ${printable(caveat, MOST_SHOWN_TEXT)}`),
  ];
}

const COVERAGE = { full: 'wholly', partial: 'in part', none: 'not at all' } as const;

function quoteLines(evidence: Evidence, { passages = [] }: Research): readonly string[] {
  const passage = passages.find(({ hash }) => hash === evidence.passageHash)?.text ?? evidence.quote;
  return [`       from ${printable(placeText(evidence))}:`, `       ${marked(passage, evidence.quote)}`];
}

/** The quote between marks, with what stands around it. */
function marked(passage: string, quote: string): string {
  const at = passage.indexOf(quote);
  if (at === -1) return `»${printable(quote, MOST_SHOWN_TEXT)}«`;
  const before = passage.slice(Math.max(0, at - MARGIN), at);
  const after = passage.slice(at + quote.length, at + quote.length + MARGIN);
  const open = at > MARGIN ? '…' : '';
  const more = at + quote.length + MARGIN < passage.length ? '…' : '';
  const beside = (text: string) => text.replace(/\s+/g, ' ').toWellFormed();
  return printable(`${open}${beside(before)}»${beside(quote)}«${beside(after)}${more}`, 4 * MOST_SHOWN_TEXT);
}
