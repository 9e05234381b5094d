import { useState } from 'preact/hooks';
import { open, pathOf } from '../../api.ts';
import { ProblemNotice } from '../../components/problem.tsx';

type Shown = Readonly<{ kind: 'none' | 'loading' }> | Readonly<{ kind: 'card'; text: string }> | Error;

/** How a card begins that was made of the first examples of many. */
const FIRST_LOOK = /^> A first look: /m;

/** The card as it is written, letter for letter: nothing that a model wrote is read as HTML. */
export function DatasetCard({ lane }: Readonly<{ lane: string }>) {
  const [shown, setShown] = useState<Shown>({ kind: 'none' });
  const load = async (whole: boolean) => {
    setShown({ kind: 'loading' });
    try {
      const reply = await open(pathOf('/v1/dataset/card', whole ? { lane, whole: 'true' } : { lane }));
      setShown({ kind: 'card', text: await reply.text() });
    } catch (error) {
      setShown(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return (
    <section class="card">
      <h2>Dataset card</h2>
      {shown instanceof Error && <ProblemNotice error={shown} />}
      {!(shown instanceof Error) && shown.kind === 'card' ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <pre class="dataset-card" tabIndex={0}>
          {shown.text}
        </pre>
      ) : (
        <button
          type="button"
          class="quiet"
          disabled={!(shown instanceof Error) && shown.kind === 'loading'}
          onClick={() => void load(false)}
        >
          Show the card
        </button>
      )}
      {!(shown instanceof Error) && shown.kind === 'card' && FIRST_LOOK.test(shown.text) && (
        <button type="button" class="quiet" onClick={() => void load(true)}>
          Read all examples for it
        </button>
      )}
    </section>
  );
}
