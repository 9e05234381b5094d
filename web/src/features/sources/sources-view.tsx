import type { SourceList } from '../../../../src/features/sources/http/schemas.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { Unloaded } from '../../components/unloaded.tsx';
import { amount, moment } from '../../format.ts';
import { type Place, replaceQuery } from '../../router.ts';
import { useRefreshed } from '../../use-refreshed.ts';
import { useTicks } from '../../use-ticks.ts';
import { FoundPieceList } from './found-piece-list.tsx';

const EVERY_MS = 30_000;

/** The documents that answers rest on, and what a question would be shown of them. */
export function SourcesView({ place }: Readonly<{ place: Place }>) {
  const { value, problem } = useRefreshed<SourceList>('/v1/sources', useTicks(EVERY_MS));
  if (value === undefined) return <Unloaded problem={problem} />;
  const { sources } = value;
  const asked = place.query['q'] ?? '';
  return (
    <>
      <h1>Sources</h1>
      {problem !== undefined && <ProblemNotice error={problem} />}
      {sources.length === 0 ? <NoSources /> : <SourceTable sources={sources} />}
      {sources.length > 0 && (
        <search>
          <form class="filters" onSubmit={(event) => event.preventDefault()}>
            <label>
              What a question would be shown
              <input
                type="search"
                value={asked}
                onInput={({ currentTarget: { value: q } }) => replaceQuery(place, { q })}
              />
            </label>
          </form>
        </search>
      )}
      {asked.trim() !== '' && <FoundPieceList q={asked} />}
    </>
  );
}

function SourceTable({ sources }: SourceList) {
  return (
    <div class="card source-table">
      <table>
        <thead>
          <tr>
            {['source', 'documents', 'not read', 'pieces', 'licence', 'added'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources.map(({ name, documents, refused, chunks, license, addedAt }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{amount(documents)}</td>
              <td>{amount(refused)}</td>
              <td>{amount(chunks)}</td>
              <td>{license === '' ? '–' : license}</td>
              <td>{moment(addedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NoSources() {
  return (
    <div class="card">
      <p>
        No documents are indexed, so answers rest on what the model knows. Add some with{' '}
        <code>millrace sources add DIR</code>
      </p>
    </div>
  );
}
