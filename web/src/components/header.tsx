import type { Flow } from '../../../src/features/flow/http/schemas.ts';
import { amount } from '../format.ts';
import { hrefOf } from '../router.ts';
import { ThemeSwitch } from './theme-switch.tsx';

const VIEWS = [
  ['flow', 'Flow'],
  ['questions', 'Questions'],
  ['review', 'Review'],
  ['judges', 'Judges'],
  ['sources', 'Sources'],
  ['dataset', 'Dataset'],
  ['dead-letters', 'Dead letters'],
] as const;

type HeaderProps = Readonly<{ view: string; flow: Flow | undefined; connected: boolean }>;

export function Header({ view, flow, connected }: HeaderProps) {
  const waiting: Readonly<Record<string, number>> = {
    review: flow?.onDesk ?? 0,
    'dead-letters': flow?.questions.deadLettered ?? 0,
  };
  return (
    <header class="top">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <a class="brand" href={hrefOf(['flow'])}>
        <img src="/icon.svg" alt="" width="26" height="26" />
        Millrace
      </a>
      <nav aria-label="Views">
        {VIEWS.map(([name, label]) => (
          <a key={name} href={hrefOf([name])} aria-current={name === view ? 'page' : undefined}>
            {label}
            <Count name={name} count={waiting[name] ?? 0} />
          </a>
        ))}
      </nav>
      <div class="where">
        {flow?.simulated === true && (
          <strong
            class="simulated"
            title="A simulated model plays the agents: nothing here is training data."
          >
            SIMULATED
          </strong>
        )}
        {flow !== undefined && (
          <span class="namespace" title="namespace / lane">
            {flow.namespace} / {flow.lane}
          </span>
        )}
        <span class={connected ? 'live' : 'live away'} role="status">
          {connected ? 'live' : 'not connected'}
        </span>
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** How many need a person there. */
function Count({ name, count }: Readonly<{ name: string; count: number }>) {
  return count > 0 ? <span class={`count ${name}`}>{amount(count)}</span> : null;
}
