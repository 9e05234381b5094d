import type { Letter } from '../../../../src/features/redrive/http/schemas.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { moment } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { useLoaded } from '../../use-loaded.ts';
import { Attempts } from '../questions/attempts.tsx';

/** One dead letter whole: the record as it came, and every attempt. */
export function LetterView({ id }: Readonly<{ id: string }>) {
  const loaded = useLoaded<Letter>(`/v1/dead-letters/${encodeURIComponent(id)}`);
  if (loaded.kind === 'loading') return <p class="faint">Loading…</p>;
  if (loaded.kind === 'failed') return <ProblemNotice error={loaded.error} />;
  const letter = loaded.value;
  const position = `${letter.topic}:${letter.partition}:${letter.offset}`;
  return (
    <article class="story">
      <h1>
        {letter.kind}/{letter.code}
      </h1>
      <p>{letter.message}</p>
      <p class="faint">
        {letter.stage} · {letter.state} · {position} · sent again {letter.drive} times · first{' '}
        {moment(letter.firstAt)}, last {moment(letter.at)}
      </p>
      {letter.questionId !== null && (
        <p>
          <a href={hrefOf(['questions', letter.questionId], { lane: letter.lane ?? 'main' })}>
            The question's story
          </a>
        </p>
      )}
      <section class="card">
        <h2>Calls</h2>
        <Attempts attempts={letter.attempts} />
      </section>
      <section class="card">
        <h2>The record</h2>
        <pre>{letter.value ?? 'a tombstone'}</pre>
      </section>
    </article>
  );
}
