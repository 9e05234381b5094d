import { useEffect, useRef } from 'preact/hooks';

const KEYS = [
  ['a', 'approve'],
  ['r', 'reject, with a reason'],
  ['e', 'edit the candidate'],
  ['j', 'next in the queue'],
  ['k', 'previous in the queue'],
  ['u', 'take your last decision back'],
  ['Enter', 'send the reason of a rejection'],
  ['Ctrl Enter', 'save an edit'],
  ['Esc', 'leave a form; what you wrote stays'],
  ['?', 'these keys'],
] as const;

type KeysHelpProps = Readonly<{ on: boolean; onSwitch: (on: boolean) => void; onClose: () => void }>;

export function KeysHelp({ on, onSwitch, onClose }: KeysHelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="card keys-help" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">Keys</h2>
      <dl>
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input type="checkbox" checked={on} onChange={(event) => onSwitch(event.currentTarget.checked)} />
        Single keys work
      </label>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
