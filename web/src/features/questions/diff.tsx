import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'preact/hooks';

type DiffProps = Readonly<{ before: string; after: string }>;

/** What a revision changed, word by word. */
export function Diff({ before, after }: DiffProps) {
  const parts = useMemo(() => diffWordsWithSpace(before, after), [before, after]);
  return (
    <pre class="prose diff">
      {parts.map(({ value, added, removed }, index) => {
        if (added) return <ins key={index}>{value}</ins>;
        if (removed) return <del key={index}>{value}</del>;
        return <span key={index}>{value}</span>;
      })}
    </pre>
  );
}
