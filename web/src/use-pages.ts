import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get, pathOf, type Query } from './api.ts';
import { asError } from './as-error.ts';

export type Pages<Row> = Readonly<{
  rows: readonly Row[];
  state: 'loading' | 'more' | 'complete' | Error;
  /** Asks for the next page, if there is one and nothing is on its way. */
  next(): void;
}>;

/** A page says where the next one begins, under either name; the last page says so by neither. */
type Linked = Readonly<{ next: string | null }> | Readonly<{ cursor?: string | undefined }>;

function nextOf(page: Linked): string | null {
  return ('next' in page ? page.next : page.cursor) ?? null;
}

/** A list that comes page by page, from the start again whenever path, query or `version` change. */
export function usePages<Page extends Linked, Row>(
  path: string,
  query: Query,
  rowsOf: (page: Page) => readonly Row[],
  version = 0,
): Pages<Row> {
  const first = pathOf(path, query);
  const [pages, setPages] = useState<Omit<Pages<Row>, 'next'>>({ rows: [], state: 'loading' });
  const cursor = useRef<string | null>(null);
  const list = `${first} ${version}`;
  const current = useRef(list);

  const load = useCallback(
    async (from: string | null) => {
      const page = await get<Page>(from === null ? first : pathOf(path, { ...query, cursor: from }));
      if (current.current !== list) return;
      cursor.current = nextOf(page);
      setPages(({ rows }) => ({
        rows: from === null ? rowsOf(page) : [...rows, ...rowsOf(page)],
        state: cursor.current === null ? 'complete' : 'more',
      }));
    },
    [list],
  );
  const start = useCallback(
    (from: string | null) => {
      setPages(({ rows }) => ({ rows: from === null ? [] : rows, state: 'loading' }));
      load(from).catch((error: unknown) => {
        if (current.current !== list) return;
        setPages(({ rows }) => ({ rows, state: asError(error) }));
      });
    },
    [list, load],
  );
  useEffect(() => {
    current.current = list;
    start(null);
  }, [list, start]);
  return { ...pages, next: () => pages.state === 'more' && start(cursor.current) };
}
