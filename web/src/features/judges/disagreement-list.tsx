import { useState } from 'preact/hooks';
import type {
  Disagreement,
  Disagreements,
  ShadowReportBody,
} from '../../../../src/features/judges/http/schemas.ts';
import { Badge } from '../../components/badge.tsx';
import { More } from '../../components/more.tsx';
import { amount, dotted, moment } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { usePages } from '../../use-pages.ts';

type DisagreementListProps = Readonly<{ report: ShadowReportBody }>;

const rowsOf = (page: Disagreements) => page.verdicts;

/** Where the two judges differ, the newest first. What is new waits to be asked for, so that nothing moves under a reader. */
export function DisagreementList({ report }: DisagreementListProps) {
  const { name, judged, liveOnly, shadowOnly } = report;
  const differ = liveOnly + shadowOnly;
  const [shown, setShown] = useState(differ);
  const path = `/v1/shadows/${encodeURIComponent(name)}/disagreements`;
  const pages = usePages<Disagreements, Disagreement>(path, {}, rowsOf, shown);
  return (
    <section class="disagreements" aria-labelledby="disagreements">
      <header>
        <h2 id="disagreements">Where they differ</h2>
        {differ > shown && (
          <button type="button" class="quiet" onClick={() => setShown(differ)}>
            Show {amount(differ - shown)} newer
          </button>
        )}
      </header>
      <ul class="letters">
        {pages.rows.map((row) => (
          <li key={`${row.lane}/${row.questionId}/${row.revision}`}>
            <DisagreementRow row={row} />
          </li>
        ))}
      </ul>
      <More
        pages={pages}
        empty={judged === 0 ? 'Nothing judged yet.' : 'They said the same about every candidate so far.'}
      />
    </section>
  );
}

function DisagreementRow({ row }: Readonly<{ row: Disagreement }>) {
  const { shadow, lane, questionId, revision, live, liveScore, verdict, score, feedback, at, text } = row;
  return (
    <article class="differing">
      <dl>
        <Said by="live" verdict={live} score={liveScore} />
        <Said by={shadow} verdict={verdict} score={score} />
      </dl>
      <div>
        <a class="text" href={hrefOf(['questions', questionId], { lane })}>
          {text === undefined || text === '' ? questionId : text}
        </a>
        {feedback !== '' && <p>{feedback}</p>}
        <small>{dotted(revision > 0 ? `revision ${revision}` : '', moment(at))}</small>
      </div>
    </article>
  );
}

function Said({ by, verdict, score }: Readonly<{ by: string; verdict: string; score: number }>) {
  return (
    <div>
      <dt>{by}</dt>
      <dd>
        <Badge status={verdict} /> <b>{score}</b>
      </dd>
    </div>
  );
}
