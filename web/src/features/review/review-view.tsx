import { useState } from 'preact/hooks';
import { hrefOf, type Place } from '../../router.ts';
import { AgreementView } from './agreement-view.tsx';
import { AskName } from './ask-name.tsx';
import { DecisionsView } from './decisions-view.tsx';
import { DeskView } from './desk/desk.tsx';
import { WHYS } from './why.ts';

const PARTS = [
  ['', 'Desk'],
  ['decisions', 'Your decisions'],
  ['agreement', 'Agreement'],
] as const;

const NAME = 'millrace-reviewer';

/** What needs a person: the desk, one's decisions, and how far people and the judge agree. */
export function ReviewView({ place: { path, query } }: Readonly<{ place: Place }>) {
  const [reviewer, setReviewer] = useReviewer();
  const part = path[1] ?? '';
  if (reviewer === '' && part !== 'agreement') return <AskName onName={setReviewer} />;
  return (
    <>
      <header class="review-head">
        <h1>Review</h1>
        <nav aria-label="Parts of the review">
          {PARTS.map(([name, label]) => (
            <a
              key={name}
              class="chip"
              href={hrefOf(['review', ...(name === '' ? [] : [name])])}
              aria-current={name === part ? 'page' : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
        {reviewer !== '' && (
          <p class="faint">
            {reviewer}{' '}
            <button type="button" class="quiet" onClick={() => setReviewer('')}>
              Not you?
            </button>
          </p>
        )}
      </header>
      {part === '' && <DeskView reviewer={reviewer} why={WHYS.find((why) => why === query['why'])} />}
      {part === 'decisions' && <DecisionsView reviewer={reviewer} />}
      {part === 'agreement' && <AgreementView />}
    </>
  );
}

/** Who reviews here: asked once, kept in this browser, and written beside every decision. */
function useReviewer(): readonly [name: string, setName: (name: string) => void] {
  const [name, setName] = useState(() => localStorage.getItem(NAME) ?? '');
  const keep = (given: string) => {
    localStorage.setItem(NAME, given);
    setName(given);
  };
  return [name, keep];
}
