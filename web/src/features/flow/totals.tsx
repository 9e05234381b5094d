import type { ComponentChildren } from 'preact';
import type { Flow } from '../../../../src/features/flow/http/schemas.ts';
import { amount, durationOfMs, money } from '../../format.ts';
import { hrefOf } from '../../router.ts';

/** The figures that people look at first. */
export function Totals({ flow }: Readonly<{ flow: Flow }>) {
  const { questions, endedPerMinute, etaSeconds, tokens, costUsd, unpricedCalls } = flow;
  const { approvalP50Ms: p50, approvalP95Ms: p95 } = flow;
  return (
    <dl class="totals">
      <Total name="approved" href={hrefOf(['questions'], { status: 'approved' })}>
        {amount(questions.approved)}
      </Total>
      <Total name="rejected" href={hrefOf(['questions'], { status: 'rejected' })}>
        {amount(questions.rejected)}
      </Total>
      <Total name="dead letters" href={hrefOf(['dead-letters'])}>
        {amount(questions.deadLettered)}
      </Total>
      <Total name="open">{amount(questions.open)}</Total>
      <Total name="ended a minute">{amount(endedPerMinute)}</Total>
      <Total name="time left">
        {etaSeconds === null || questions.open === 0 ? '–' : durationOfMs(etaSeconds * 1_000)}
      </Total>
      <Total name="to approval" note={p95 === null ? '' : `95 % in ${durationOfMs(p95)}`}>
        {p50 === null ? '–' : durationOfMs(p50)}
      </Total>
      <Total
        name="cost"
        note={`${amount(tokens)} tokens${unpricedCalls > 0 ? `, ${amount(unpricedCalls)} calls without a price` : ''}`}
      >
        {money(costUsd)}
      </Total>
    </dl>
  );
}

type TotalProps = Readonly<{ name: string; href?: string; note?: string; children: ComponentChildren }>;

function Total({ name, href, note = '', children }: TotalProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {href === undefined ? children : <a href={href}>{children}</a>}
        {note !== '' && <small>{note}</small>}
      </dd>
    </div>
  );
}
