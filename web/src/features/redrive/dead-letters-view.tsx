import { useState } from 'preact/hooks';
import type {
  DeadLetterPage,
  DeadLetterRow,
  DeadLetterStats,
} from '../../../../src/features/redrive/http/schemas.ts';
import { More } from '../../components/more.tsx';
import { ProblemNotice } from '../../components/problem.tsx';
import { amount, moment } from '../../format.ts';
import { hrefOf, type Place } from '../../router.ts';
import { useLoaded } from '../../use-loaded.ts';
import { usePages } from '../../use-pages.ts';
import { DeadLetterView } from './dead-letter-view.tsx';
import { Redrive, type RedriveFilter } from './redrive.tsx';

const rowsOf = (page: DeadLetterPage) => page.letters;

/** What died, by class; one of them whole; a selection sent again. */
export function DeadLettersView({ place: { path, query } }: Readonly<{ place: Place }>) {
  const [version, setVersion] = useState(0);
  const { stage, kind, code } = query;
  const filter = { stage, kind, code };
  const pages = usePages<DeadLetterPage, DeadLetterRow>('/v1/dead-letters', filter, rowsOf, version);
  const id = path.slice(1).join('/');
  if (id !== '') return <DeadLetterView id={id} />;
  return (
    <>
      <h1>Dead letters</h1>
      <DeadLetterGroups chosen={filter} version={version} />
      <Redrive filter={filter} none={pages.rows.length === 0} onSent={() => setVersion(version + 1)} />
      <ul class="letters">
        {pages.rows.map((row) => (
          <li key={row.id}>
            <DeadLetterLine row={row} />
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </>
  );
}

function DeadLetterLine({ row }: Readonly<{ row: DeadLetterRow }>) {
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

/** One chip per class of failure; the chosen one filters the list. */
function DeadLetterGroups({ chosen, version }: Readonly<{ chosen: RedriveFilter; version: number }>) {
  const { value, problem } = useLoaded<DeadLetterStats>('/v1/dead-letters/stats', version);
  if (problem !== undefined) return <ProblemNotice error={problem} />;
  if (value === undefined) return null;
  if (value.groups.length === 0) return <p>No open dead letter: every question goes on or has ended.</p>;
  return (
    <nav class="groups" aria-label="Classes of failure">
      <a class="chip" href={hrefOf(['dead-letters'])} aria-current={chosen.code === undefined}>
        all
      </a>
      {value.groups.map(({ stage, kind, code, count }) => (
        <a
          key={`${stage} ${kind} ${code}`}
          class="chip"
          href={hrefOf(['dead-letters'], { stage, kind, code })}
          aria-current={chosen.stage === stage && chosen.kind === kind && chosen.code === code}
        >
          {stage}: {kind}/{code} <b>{amount(count)}</b>
        </a>
      ))}
    </nav>
  );
}
