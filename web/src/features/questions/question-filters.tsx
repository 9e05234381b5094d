import type { StageFlow } from '../../../../src/features/flow/http/schemas.ts';
import { words } from '../../format.ts';

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
  const text = (label: string, name: string) => (
    <label>
      {label}
      <input value={filters[name] ?? ''} onInput={set(name)} />
    </label>
  );
  const score = (label: string, name: string) => (
    <label>
      {label}
      <input type="number" min={1} max={10} value={filters[name] ?? ''} onInput={set(name)} />
    </label>
  );
  return (
    <search>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Text
          <input type="search" value={filters['q'] ?? ''} onInput={set('q')} />
        </label>
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
        {text('Topic', 'topic')}
        {text('Model', 'model')}
        {text('Lane', 'lane')}
        {score('Score from', 'minScore')}
        {score('to', 'maxScore')}
      </form>
    </search>
  );
}
