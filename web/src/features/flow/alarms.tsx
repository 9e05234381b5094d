import type { Flow } from '../../../../src/features/flow/http/schemas.ts';
import { moment } from '../../format.ts';

/** What the workers want a person to know. */
export function AlarmList({ alarms }: Pick<Flow, 'alarms'>) {
  if (alarms.length === 0) return null;
  return (
    <ul class="alarms" role="alert">
      {alarms.map(({ worker, code, message, since }) => (
        <li key={`${worker} ${code}`}>
          <strong>{code}</strong> {message}
          <small>
            {worker}, since {moment(since)}
          </small>
        </li>
      ))}
    </ul>
  );
}
