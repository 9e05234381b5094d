import { useLayoutEffect, useRef } from 'preact/hooks';

export type Keys = Readonly<Record<string, () => void>>;

const TYPING = 'input, textarea, select, [contenteditable]';
/** Keys that decide nothing. */
const HARMLESS: ReadonlySet<string> = new Set(['j', 'k']);

/** Whether a page elsewhere opened this one (see `page-routes.ts`): what is pressed may have been meant for that. */
let isElsewhere = document.documentElement.dataset['opened'] === 'elsewhere';
addEventListener('pointerdown', () => {
  isElsewhere = false;
});

/**
 * Single keys for what is done often; never while the reader types, nor together with Ctrl, Alt or Meta. They can be
 * switched off, as people who speak to their computer need it:
 * https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts. One press does one thing: until the page has followed,
 * no other counts. Where a page elsewhere opened this one, none counts before a first click, or j or k.
 */
export function useKeys(keys: Keys, on: boolean): void {
  const latest = useRef(keys);
  latest.current = on ? keys : {};
  const isActing = useRef(false);
  // Before it is painted: a key that is pressed at what one sees is heard.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (event.target instanceof Element && event.target.closest(TYPING) !== null) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const act = latest.current[event.key];
      if (act === undefined || isActing.current) return;
      if (isElsewhere && !HARMLESS.has(event.key)) return;
      isElsewhere = false;
      event.preventDefault();
      isActing.current = true;
      act();
      // What it changes is drawn before the next task.
      setTimeout(() => {
        isActing.current = false;
      });
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
