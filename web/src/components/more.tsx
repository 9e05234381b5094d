import { useEffect, useRef } from 'preact/hooks';
import type { Pages } from '../use-pages.ts';
import { ProblemNotice } from './problem.tsx';

type MoreProps<Row> = Readonly<{ pages: Pages<Row>; empty?: string }>;

/** The end of a list so far: brings the next page when it comes into sight, or when it is pressed. */
export function More<Row>({ pages, empty = 'Nothing matches.' }: MoreProps<Row>) {
  const place = useRef<HTMLDivElement>(null);
  const { state, next } = pages;
  const latest = useRef(next);
  latest.current = next;
  useEffect(() => {
    if (place.current === null || state !== 'more') return;
    const sight = new IntersectionObserver(
      (seen) => seen.some((each) => each.isIntersecting) && latest.current(),
      {
        rootMargin: '600px',
      },
    );
    sight.observe(place.current);
    return () => sight.disconnect();
  }, [state]);
  return (
    <div ref={place} class="more" aria-live="polite">
      {state instanceof Error && <ProblemNotice error={state} />}
      {state === 'loading' && <p class="faint">Loading…</p>}
      {state === 'more' && (
        <button type="button" class="quiet" onClick={next}>
          More
        </button>
      )}
      {state === 'complete' && pages.rows.length === 0 && <p class="faint">{empty}</p>}
    </div>
  );
}
