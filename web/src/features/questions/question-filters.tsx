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
        <label>
          Topic
          <input value={filters['topic'] ?? ''} onInput={set('topic')} />
        </label>
        <label>
          Model
          <input value={filters['model'] ?? ''} onInput={set('model')} />
        </label>
        <label>
          Lane
          <input value={filters['lane'] ?? ''} onInput={set('lane')} />
        </label>
        <label>
          Score from
          <input type="number" min={1} max={10} value={filters['minScore'] ?? ''} onInput={set('minScore')} />
        </label>
        <label>
          to
          <input type="number" min={1} max={10} value={filters['maxScore'] ?? ''} onInput={set('maxScore')} />
        </label>
      </form>
    </search>
  );
}
