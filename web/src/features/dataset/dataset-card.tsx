import { useState } from 'preact/hooks';
import { open, pathOf } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';

type Shown = Readonly<{ kind: 'none' | 'loading' }> | Readonly<{ kind: 'card'; text: string }> | Error;

/** The card as it is written, letter for letter: nothing that a model wrote is read as HTML. */
export function DatasetCard({ lane }: Readonly<{ lane: string }>) {
  const [shown, setShown] = useState<Shown>({ kind: 'none' });
  const load = async () => {
    setShown({ kind: 'loading' });
    try {
      const reply = await open(pathOf('/v1/dataset/card', { lane }));
      setShown({ kind: 'card', text: await reply.text() });
    } catch (error) {
      setShown(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return (
    <section class="card">
      <h2>Dataset card</h2>
      {shown instanceof Error && <Problem error={shown} />}
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
          onClick={() => void load()}
        >
          Show the card
        </button>
      )}
    </section>
  );
}
