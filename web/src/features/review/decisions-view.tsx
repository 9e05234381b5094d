import { useState } from 'preact/hooks';
import type { DecisionList, DecisionRow } from '../../../../src/features/review/http/schemas.ts';
import { Badge } from '../../components/badge.tsx';
import { More } from '../../components/more.tsx';
import { ProblemNotice } from '../../components/problem.tsx';
import { dotted, moment } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { useAct } from '../../use-act.ts';
import { usePages } from '../../use-pages.ts';
import { canBeUndone, undo } from './desk-api.ts';

const DONE: Readonly<Record<string, string>> = {
  approve: 'approved',
  reject: 'rejected',
  edit: 'edited',
  undo: 'taken back',
};

const rowsOf = (page: DecisionList) => page.decisions;

/** What this reviewer decided, the newest first; each can be taken back. */
export function DecisionsView({ reviewer }: Readonly<{ reviewer: string }>) {
  const [version, setVersion] = useState(0);
  const { problem, act } = useAct();
  const pages = usePages<DecisionList, DecisionRow>('/v1/review/decisions', { reviewer }, rowsOf, version);
  const takeBack = (row: DecisionRow) =>
    act(async () => {
      await undo(row, reviewer);
      setVersion(version + 1);
    });
  return (
    <>
      {problem !== undefined && <ProblemNotice error={problem} />}
      <ul class="letters">
        {pages.rows.map((row) => (
          <li key={`${row.questionId} ${row.revision} ${row.at}`} class="decided">
            <Badge status={DONE[row.verdict] ?? row.verdict} />
            <a class="text" href={hrefOf(['questions', row.questionId], { lane: row.lane })}>
              {row.text}
            </a>
            <small>{dotted(row.reason, moment(row.at), row.undone ? 'taken back since' : '')}</small>
            {canBeUndone(row) && (
              <button type="button" class="quiet" onClick={() => void takeBack(row)}>
                Take back
              </button>
            )}
          </li>
        ))}
      </ul>
      <More pages={pages} empty="You have decided nothing yet." />
    </>
  );
}
