import type { Evidence, Passage } from '../../../src/stages/evidence/piece.ts';
import type { Research } from '../../../src/stages/example.ts';
import { visible } from './visible.ts';
import { WebLink } from './web-link.tsx';

/** Whether research has looked things up: then its quotes are shown under what they prove. */
export function isLookedUp(research: unknown): research is Research {
  return typeof research === 'object' && research !== null && 'coverage' in research;
}

const COVERAGE = { full: 'wholly', partial: 'in part', none: 'not at all' } as const;

/** What was found in sources: each key point, and under it the quotes that it rests on, marked in their passages. */
export function GroundedResearch({ research }: Readonly<{ research: Research }>) {
  const { summary, keyPoints, caveats, evidence = [], passages = [], coverage } = research;
  return (
    <div class="grounded">
      <p class="prose">{summary}</p>
      {coverage !== undefined && <p class="faint">The sources answer it {COVERAGE[coverage]}.</p>}
      <ol>
        {keyPoints.map((point, index) => (
          <li key={index}>
            {point}
            <Quotes
              quotes={evidence.filter(({ supports }) => supports.includes(index))}
              passages={passages}
            />
          </li>
        ))}
      </ol>
      {caveats.length > 0 && (
        <>
          <p class="faint">But note:</p>
          <ul aria-label="Caveats">
            {caveats.map((caveat, index) => (
              <li key={index}>{caveat}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

type QuotesProps = Readonly<{ quotes: readonly Evidence[]; passages: readonly Passage[] }>;

function Quotes({ quotes, passages }: QuotesProps) {
  if (quotes.length === 0) return <p class="faint">No quote supports it.</p>;
  return (
    <>
      {quotes.map((each) => {
        const passage = passages.find(({ hash }) => hash === each.passageHash)?.text ?? each.quote;
        return (
          <figure key={`${each.id} ${each.start}`} class="quote">
            <Marked passage={passage} quote={each.quote} />
            <figcaption class="faint">
              <Place evidence={each} />
            </figcaption>
          </figure>
        );
      })}
    </>
  );
}

function Marked({ passage, quote }: Readonly<{ passage: string; quote: string }>) {
  const at = Math.max(0, passage.indexOf(quote));
  const found = passage.startsWith(quote, at);
  return (
    <blockquote>
      {found && visible(passage.slice(0, at))}
      <mark>{visible(quote)}</mark>
      {found && visible(passage.slice(at + quote.length))}
    </blockquote>
  );
}

function Place({ evidence }: Readonly<{ evidence: Evidence }>) {
  const { title, path, url, locator = {}, license } = evidence;
  const { page, line, row, heading } = locator;
  const at = [
    page === undefined ? '' : `page ${page}`,
    row === undefined ? '' : `row ${row}`,
    line === undefined ? '' : `line ${line}`,
    heading ?? '',
    license ?? '',
  ].filter((part) => part !== '');
  return (
    <>
      <WebLink url={url} text={path ?? title} />
      {at.length > 0 && `, ${visible(at.join(', '))}`}
    </>
  );
}
