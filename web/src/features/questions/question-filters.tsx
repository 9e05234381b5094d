import type { JSX } from 'preact';
import type { StageFlow } from '../../../../src/features/flow/http/schemas.ts';
import { words } from '../../format.ts';

type Kind = Pick<JSX.IntrinsicElements['input'], 'type' | 'min' | 'max'>;
type Filters = Readonly<Record<string, string>>;
type FilterProps = Readonly<{
  filters: Filters;
  stages: readonly StageFlow[];
  onChange: (filters: Filters) => void;
}>;

const ENDS = ['approved', 'rejected', 'held', 'dead_lettered'];

export function QuestionFilters({ filters, stages, onChange }: FilterProps) {
  const statuses = ['pending', ...stages.flatMap(({ status }) => status ?? []), ...ENDS];
  const set = (name: string) => (event: Event & { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    onChange({ ...filters, [name]: event.currentTarget.value });
  const field = (label: string, name: string, kind: Kind = {}) => (
    <label>
      {label}
      <input {...kind} value={filters[name] ?? ''} onInput={set(name)} />
    </label>
  );
  const score: Kind = { type: 'number', min: 1, max: 10 };
  return (
    <search>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        {field('Text', 'q', { type: 'search' })}
        <label>
          Status
          <select value={filters['status'] ?? ''} onChange={set('status')}>
            <option value="">any</option>
            {statuses.map((status) => (
              <option key={status} value={status}>
                {words(status)}
              </option>
            ))}
          </select>
        </label>
        {field('Topic', 'topic')}
        {field('Model', 'model')}
        {field('Lane', 'lane')}
        {field('Score from', 'minScore', score)}
        {field('to', 'maxScore', score)}
      </form>
    </search>
  );
}
