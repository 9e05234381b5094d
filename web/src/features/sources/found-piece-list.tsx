import { useEffect, useState } from 'preact/hooks';
import type { FoundPieces } from '../../../../src/features/sources/http/schemas.ts';
import { pathOf } from '../../api.ts';
import { Unloaded } from '../../components/unloaded.tsx';
import { visible } from '../../components/visible.ts';
import { useLoaded } from '../../use-loaded.ts';

const TYPING_MS = 250;

/** The pieces that a question with these words would be shown, the best first. */
export function FoundPieceList({ q }: Readonly<{ q: string }>) {
  const [settled, setSettled] = useState(q);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(q), TYPING_MS);
    return () => clearTimeout(timer);
  }, [q]);
  const { value, problem } = useLoaded<FoundPieces>(pathOf('/v1/sources/search', { q: settled }));
  if (value === undefined) return <Unloaded problem={problem} />;
  const { pieces } = value;
  if (pieces.length === 0) return <p class="faint">Nothing in the sources has these words.</p>;
  return (
    <ol class="pieces">
      {pieces.map(({ source, place, text, license, contentHash }) => (
        <li key={contentHash} class="card">
          <small class="faint">
            {visible(nameOf(source))}: {visible(place)}
            {license !== undefined && ` · ${license}`}
          </small>
          <p class="prose">{visible(text)}</p>
        </li>
      ))}
    </ol>
  );
}

const nameOf = (source: string): string => source.replace(/^documents:/, '').split('/')[0] ?? '';
