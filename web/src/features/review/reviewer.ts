import { useState } from 'preact/hooks';

const NAME = 'millrace-reviewer';

/** Who reviews here: asked once, kept in this browser, and written beside every decision. */
export function useReviewer(): readonly [name: string, setName: (name: string) => void] {
  const [name, setName] = useState(() => localStorage.getItem(NAME) ?? '');
  const keep = (given: string) => {
    localStorage.setItem(NAME, given);
    setName(given);
  };
  return [name, keep];
}
