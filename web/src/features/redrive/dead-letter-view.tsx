import type { DeadLetterDetail } from '../../../../src/features/redrive/http/schemas.ts';
import { Unloaded } from '../../components/unloaded.tsx';
import { moment } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { useLoaded } from '../../use-loaded.ts';
import { Attempts } from '../questions/attempts.tsx';

/** One dead letter whole: the record as it came, and every attempt. */
export function DeadLetterView({ id }: Readonly<{ id: string }>) {
  const { value: deadLetter, problem } = useLoaded<DeadLetterDetail>(
    `/v1/dead-letters/${encodeURIComponent(id)}`,
  );
  if (deadLetter === undefined) return <Unloaded problem={problem} />;
  const position = `${deadLetter.topic}:${deadLetter.partition}:${deadLetter.offset}`;
  return (
    <article class="story">
      <h1>
        {deadLetter.kind}/{deadLetter.code}
      </h1>
      <p>{deadLetter.message}</p>
      <p class="faint">
        {deadLetter.stage} · {deadLetter.state} · {position} · sent again {deadLetter.drive} times · first{' '}
        {moment(deadLetter.firstAt)}, last {moment(deadLetter.at)}
      </p>
      {deadLetter.questionId !== null && (
        <p>
          <a href={hrefOf(['questions', deadLetter.questionId], { lane: deadLetter.lane ?? 'main' })}>
            The question's story
          </a>
        </p>
      )}
      <section class="card">
        <h2>Calls</h2>
        <Attempts attempts={deadLetter.attempts} />
      </section>
      <section class="card">
        <h2>The record</h2>
        <pre>{deadLetter.value ?? 'a tombstone'}</pre>
      </section>
    </article>
  );
}
