import { useLayoutEffect, useState } from 'preact/hooks';
import { pathOf } from './api.ts';

/** The part of the address after `#`: `/questions/3fa2?lane=main`. */
export type Place = Readonly<{ path: readonly string[]; query: Readonly<Record<string, string>> }>;

function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return {
    path: path
      .split('/')
      .filter((part) => part !== '')
      .map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** An address that somebody cut or wrote by hand may hold half a sign: it is taken as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function hrefOf(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  return pathOf(`#/${path.map(encodeURIComponent).join('/')}`, query);
}

/** Where the reader is, now and after every step. */
export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  // At once: a step that is taken before the first paint is heard, too.
  useLayoutEffect(() => {
    const onChange = () => setPlace(placeOf(location.hash));
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return place;
}

/** Changes the query of a place, without a step back in the history. A reader who has left it meanwhile stays where they are. */
export function replaceQuery({ path }: Place, query: Readonly<Record<string, string>>): void {
  if (placeOf(location.hash).path.join('/') !== path.join('/')) return;
  history.replaceState(null, '', hrefOf(path, query));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
