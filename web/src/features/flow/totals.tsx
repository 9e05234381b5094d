import type { Flow } from '../../../../src/features/flow/http/schemas.ts';
import { Figure } from '../../components/figure.tsx';
import { amount, durationOfMs, money } from '../../format.ts';
import { hrefOf } from '../../router.ts';

/** The figures that people look at first. */
export function Totals({ flow }: Readonly<{ flow: Flow }>) {
  const { questions, endedPerMinute, etaSeconds, tokens, costUsd, unpricedCalls } = flow;
  const { approvalP50Ms: p50, approvalP95Ms: p95 } = flow;
  return (
    <dl class="totals">
      <Figure name="approved" href={hrefOf(['questions'], { status: 'approved' })}>
        {amount(questions.approved)}
      </Figure>
      <Figure name="rejected" href={hrefOf(['questions'], { status: 'rejected' })}>
        {amount(questions.rejected)}
      </Figure>
      <Figure name="dead letters" href={hrefOf(['dead-letters'])}>
        {amount(questions.deadLettered)}
      </Figure>
      <Figure name="open">{amount(questions.open)}</Figure>
      <Figure name="ended a minute">{amount(endedPerMinute)}</Figure>
      <Figure name="time left">
        {etaSeconds === null || questions.open === 0 ? '–' : durationOfMs(etaSeconds * 1_000)}
      </Figure>
      <Figure name="to approval" note={p95 === null ? '' : `95 % in ${durationOfMs(p95)}`}>
        {p50 === null ? '–' : durationOfMs(p50)}
      </Figure>
      <Figure
        name="cost"
        note={`${amount(tokens)} tokens${unpricedCalls > 0 ? `, ${amount(unpricedCalls)} calls without a price` : ''}`}
      >
        {money(costUsd)}
      </Figure>
    </dl>
  );
}
