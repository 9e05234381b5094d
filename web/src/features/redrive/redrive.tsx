import { useState } from 'preact/hooks';
import type { RedriveBody, RedriveReply } from '../../../../src/features/redrive/http/schemas.ts';
import { post } from '../../api.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { amount, money } from '../../format.ts';

type Filter = Readonly<{ stage: string | undefined; kind: string | undefined; code: string | undefined }>;
type RedriveProps = Readonly<{
  filter: Filter;
  /** Whether there are no dead letters to send. */
  none: boolean;
  onSent: () => void;
}>;
type State =
  | Readonly<{ kind: 'idle' | 'asking' }>
  | Readonly<{ kind: 'planned' | 'sent'; reply: RedriveReply }>
  | Readonly<{ kind: 'failed'; error: Error }>;

/** Sends the chosen dead letters again: first it says how many and at what cost, then it asks. */
export function Redrive({ filter, none, onSent }: RedriveProps) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const ask = async (dryRun: boolean) => {
    setState({ kind: 'asking' });
    try {
      const body = {
        ...Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
        dryRun,
      };
      const reply = await post<RedriveReply>('/v1/redrive', body satisfies RedriveBody);
      setState({ kind: dryRun ? 'planned' : 'sent', reply });
      if (!dryRun) onSent();
    } catch (error) {
      setState({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  return (
    <section class="redrive" aria-live="polite">
      {state.kind !== 'planned' && (
        <button type="button" disabled={none || state.kind === 'asking'} onClick={() => void ask(true)}>
          Send these again…
        </button>
      )}
      {state.kind === 'planned' && (
        <>
          <p>
            {amount(state.reply.letters)} {state.reply.letters === 1 ? 'dead letter' : 'dead letters'} will be
            sent again
            {state.reply.estimatedCostUsd !== null && `, at about ${money(state.reply.estimatedCostUsd)}`}.
          </p>
          <button type="button" onClick={() => void ask(false)} disabled={state.reply.letters === 0}>
            Send {amount(state.reply.letters)}
          </button>
          <button type="button" class="quiet" onClick={() => setState({ kind: 'idle' })}>
            Leave them
          </button>
        </>
      )}
      {state.kind === 'sent' && <p>On their way: {amount(state.reply.letters)}.</p>}
      {state.kind === 'failed' && <ProblemNotice error={state.error} />}
    </section>
  );
}
