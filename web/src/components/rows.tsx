import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const BEYOND = 12;

type RowsProps<Row> = Readonly<{
  rows: readonly Row[];
  /** Every row is as high as this. */
  rowPixels: number;
  keyOf: (row: Row) => string;
  children: (row: Row) => ComponentChildren;
}>;

/** A list of which only the rows in sight stand in the page, however many there are. */
export function RowList<Row>({ rows, rowPixels, keyOf, children }: RowsProps<Row>) {
  const place = useRef<HTMLUListElement>(null);
  const [range, setRange] = useState({ from: 0, to: 60 });
  useEffect(() => {
    const look = () => {
      const top = place.current?.getBoundingClientRect().top ?? 0;
      const from = Math.max(0, Math.floor(-top / rowPixels) - BEYOND);
      const to = from + Math.ceil(innerHeight / rowPixels) + 2 * BEYOND;
      setRange((seen) => (seen.from === from && seen.to === to ? seen : { from, to }));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [rowPixels]);
  const shown = rows.slice(range.from, range.to);
  return (
    <ul ref={place} class="rows" style={{ height: `${rows.length * rowPixels}px` }}>
      {shown.map((row, index) => (
        <li
          key={keyOf(row)}
          class="row"
          style={{ top: `${(range.from + index) * rowPixels}px`, height: `${rowPixels}px` }}
        >
          {children(row)}
        </li>
      ))}
    </ul>
  );
}
