import { useState } from 'preact/hooks';
import type { LetterPage, LetterRow } from '../../../../src/features/redrive/http/schemas.ts';
import { More } from '../../components/more.tsx';
import { moment } from '../../format.ts';
import { hrefOf, type Place } from '../../router.ts';
import { usePages } from '../../use-pages.ts';
import { LetterGroups } from './dead-letter-groups.tsx';
import { LetterView } from './dead-letter-view.tsx';
import { Redrive } from './redrive.tsx';

const rowsOf = (page: LetterPage) => page.letters;

/** What died, by class; one of them whole; a selection sent again. */
export function DeadLettersView({ place: { path, query } }: Readonly<{ place: Place }>) {
  const [version, setVersion] = useState(0);
  const { stage, kind, code } = query;
  const filter = { stage, kind, code };
  const pages = usePages<LetterPage, LetterRow>('/v1/dead-letters', filter, rowsOf, version);
  const id = path.slice(1).join('/');
  if (id !== '') return <LetterView id={id} />;
  return (
    <>
      <h1>Dead letters</h1>
      <LetterGroups chosen={filter} version={version} />
      <Redrive filter={filter} none={pages.rows.length === 0} onSent={() => setVersion(version + 1)} />
      <ul class="letters">
        {pages.rows.map((row) => (
          <li key={row.id}>
            <LetterLine row={row} />
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </>
  );
}

function LetterLine({ row }: Readonly<{ row: LetterRow }>) {
  return (
    <a class="question" href={hrefOf(['dead-letters', row.id])}>
      <span class="badge dead_lettered">
        {row.kind}/{row.code}
      </span>
      <span class="text">{row.question ?? row.message}</span>
      <small>
        {row.question !== null && <>{row.message} · </>}
        {row.stage} · {row.attempts} calls · {row.state} · {moment(row.at)}
      </small>
    </a>
  );
}
