import { useEffect, useRef } from 'preact/hooks';

export type Keys = Readonly<Record<string, () => void>>;

const TYPING = 'input, textarea, select, [contenteditable]';

/**
 * Single keys for what is done often; never while the reader types, nor together with Ctrl, Alt or Meta. They can be
 * switched off, as people who speak to their computer need it:
 * https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts
 */
export function useKeys(keys: Keys, on: boolean): void {
  const latest = useRef(keys);
  latest.current = on ? keys : {};
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (event.target instanceof Element && event.target.closest(TYPING) !== null) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const act = latest.current[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
