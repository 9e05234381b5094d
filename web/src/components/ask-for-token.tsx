import { useState } from 'preact/hooks';
import { token } from '../token.ts';

/** The server wants a token: asked once, kept for this tab. */
export function AskForToken({ onToken }: Readonly<{ onToken: () => void }>) {
  const [text, setText] = useState('');
  return (
    <main class="ask">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          token.set(text.trim());
          onToken();
        }}
      >
        <h1>Millrace</h1>
        <label>
          Token of this server: it stands in the link that <code>millrace serve</code> printed, and in{' '}
          <code>http-token</code> of its data directory, or is what <code>MILLRACE_HTTP_TOKEN</code> says
          <input
            type="password"
            autocomplete="current-password"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={text.trim() === ''}>
          Open
        </button>
      </form>
    </main>
  );
}
