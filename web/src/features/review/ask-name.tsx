import { useState } from 'preact/hooks';

const LONGEST_NAME = 80;

/** Asked once: decisions carry a name, and a claim keeps others away by it. */
export function AskName({ onName }: Readonly<{ onName: (name: string) => void }>) {
  const [text, setText] = useState('');
  return (
    <div class="ask">
      <form
        class="card ask-name"
        onSubmit={(event) => {
          event.preventDefault();
          onName(text.trim());
        }}
      >
        <h1>Review desk</h1>
        <p>
          The judge was unsure about some candidates, or two judges disagree. Here a person decides, one
          candidate after the other, and nobody else gets the one you are looking at.
        </p>
        <label>
          Your name, as it will stand beside your decisions
          <input
            required
            autocomplete="name"
            maxLength={LONGEST_NAME}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={text.trim() === ''}>
          Sit down
        </button>
      </form>
    </div>
  );
}
