import type { Flow } from '../../../src/infra/http/flow/schemas.ts';
import { amount } from '../format.ts';
import { hrefOf } from '../router.ts';
import { ThemeSwitch } from './theme-switch.tsx';

const VIEWS = [
  ['flow', 'Flow'],
  ['questions', 'Questions'],
  ['dataset', 'Dataset'],
  ['dead-letters', 'Dead letters'],
] as const;

type HeaderProps = Readonly<{ view: string; flow: Flow | undefined; connected: boolean }>;

export function Header({ view, flow, connected }: HeaderProps) {
  const dead = flow?.questions.deadLettered ?? 0;
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
            {name === 'dead-letters' && dead > 0 && <span class="count">{amount(dead)}</span>}
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
