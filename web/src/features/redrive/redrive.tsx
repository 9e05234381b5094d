import { useState } from 'preact/hooks';
import type { RedriveBody, RedriveReply } from '../../../../src/features/redrive/http/schemas.ts';
import { post } from '../../api.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { amount, howMany, money } from '../../format.ts';
import { useAct } from '../../use-act.ts';

export type RedriveFilter = Readonly<Record<'stage' | 'kind' | 'code', string | undefined>>;
type RedriveProps = Readonly<{
  filter: RedriveFilter;
  /** Whether there are no dead letters to send. */
  none: boolean;
  onSent: () => void;
}>;
type Came = Readonly<{ kind: 'planned' | 'sent'; reply: RedriveReply }>;

/** Sends the chosen dead letters again: first it says how many and at what cost, then it asks. */
export function Redrive({ filter, none, onSent }: RedriveProps) {
  const [came, setCame] = useState<Came>();
  const { busy, problem, act } = useAct();
  const ask = (dryRun: boolean) =>
    act(async () => {
      setCame(undefined);
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
      const reply = await post<RedriveReply>('/v1/redrive', { ...given, dryRun } satisfies RedriveBody);
      setCame({ kind: dryRun ? 'planned' : 'sent', reply });
      if (!dryRun) onSent();
    });
  return (
    <section class="redrive" aria-live="polite">
      {came?.kind !== 'planned' && (
        <button type="button" disabled={none || busy} onClick={() => void ask(true)}>
          Send these again…
        </button>
      )}
      {came?.kind === 'planned' && (
        <>
          <p>
            {howMany(came.reply.letters, 'dead letter')} will be sent again
            {came.reply.estimatedCostUsd !== null && `, at about ${money(came.reply.estimatedCostUsd)}`}.
          </p>
          <button type="button" onClick={() => void ask(false)} disabled={came.reply.letters === 0}>
            Send {amount(came.reply.letters)}
          </button>
          <button type="button" class="quiet" onClick={() => setCame(undefined)}>
            Leave them
          </button>
        </>
      )}
      {came?.kind === 'sent' && <p>On their way: {amount(came.reply.letters)}.</p>}
      {problem !== undefined && <ProblemNotice error={problem} />}
    </section>
  );
}
