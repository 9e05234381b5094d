import { useState } from 'preact/hooks';
import { open, pathOf } from '../../api.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { useAct } from '../../use-act.ts';

/** How a card begins that was made of the first examples of many. */
const FIRST_LOOK = /^> A first look: /m;

/** The card as it is written, letter for letter: nothing that a model wrote is read as HTML. */
export function DatasetCard({ lane }: Readonly<{ lane: string }>) {
  const [text, setText] = useState<string>();
  const { busy, problem, act } = useAct();
  const load = (whole: boolean) =>
    act(async () => {
      setText(undefined);
      const reply = await open(pathOf('/v1/dataset/card', whole ? { lane, whole: 'true' } : { lane }));
      setText(await reply.text());
    });
  return (
    <section class="card">
      <h2>Dataset card</h2>
      {problem !== undefined && <ProblemNotice error={problem} />}
      {text !== undefined ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <pre class="dataset-card" tabIndex={0}>
          {text}
        </pre>
      ) : (
        <button type="button" class="quiet" disabled={busy} onClick={() => void load(false)}>
          Show the card
        </button>
      )}
      {text !== undefined && FIRST_LOOK.test(text) && (
        <button type="button" class="quiet" onClick={() => void load(true)}>
          Read all examples for it
        </button>
      )}
    </section>
  );
}
