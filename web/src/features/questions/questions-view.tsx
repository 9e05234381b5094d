import { useEffect, useState } from 'preact/hooks';
import type { Flow } from '../../../../src/features/flow/http/schemas.ts';
import type { QuestionPage, QuestionRow } from '../../../../src/features/questions/http/story-schemas.ts';
import { Badge } from '../../components/badge.tsx';
import { More } from '../../components/more.tsx';
import { RowList } from '../../components/rows.tsx';
import { dotted, moment } from '../../format.ts';
import { hrefOf, type Place, replaceQuery } from '../../router.ts';
import { usePages } from '../../use-pages.ts';
import { QuestionFilters } from './question-filters.tsx';

const ROW_PIXELS = 64;
const TYPING_MS = 250;

const rowsOf = (page: QuestionPage) => page.questions;

/** Every question, found by text, topic, status, score, model and lane. */
export function QuestionsView({ place, flow }: Readonly<{ place: Place; flow: Flow | undefined }>) {
  const [filters, setFilters] = useState(place.query);
  const key = JSON.stringify(filters);
  useEffect(() => {
    const timer = setTimeout(() => replaceQuery(place, filters), TYPING_MS);
    return () => clearTimeout(timer);
  }, [key]);
  const pages = usePages<QuestionPage, QuestionRow>('/v1/questions', place.query, rowsOf);
  return (
    <>
      <h1>Questions</h1>
      <QuestionFilters filters={filters} stages={flow?.stages ?? []} onChange={setFilters} />
      <RowList rows={pages.rows} rowPixels={ROW_PIXELS} keyOf={({ id, lane }) => `${lane}/${id}`}>
        {(row) => <QuestionLine row={row} />}
      </RowList>
      <More pages={pages} />
    </>
  );
}

function QuestionLine({ row }: Readonly<{ row: QuestionRow }>) {
  const { id, lane, text, topic, subTopic, status, score, revision, updatedAt } = row;
  return (
    <a class="question" href={hrefOf(['questions', id], { lane })}>
      <Badge status={status} />
      <span class="text">{text}</span>
      <small>
        {dotted(topic, subTopic, row.trainingType, revision > 0 ? `revision ${revision}` : '')}
        {` · ${moment(updatedAt)}`}
      </small>
      <b class="score">{score === null ? '' : score.toFixed(1).replace('.0', '')}</b>
    </a>
  );
}
