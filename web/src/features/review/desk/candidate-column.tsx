import type { ReviewItem } from '../../../../../src/features/review/http/schemas.ts';
import { visible } from '../../../components/visible.ts';
import { type CandidateField, fieldsOf, keyOf } from './candidate-fields.ts';

/** The candidate as its training type presents it, and as it is stored. */
export function CandidateColumn({ item }: Readonly<{ item: ReviewItem }>) {
  const { candidate, presented, trainingType } = item;
  const fields = fieldsOf(candidate);
  return (
    <section class="column candidate" aria-label="Candidate">
      <header>
        <h3>Candidate</h3>
        <small>{trainingType}</small>
      </header>
      {item.suspicions.length > 0 && (
        <p class="badges">
          {item.suspicions.map((each) => (
            <span key={each} class="badge why">
              {each}
            </span>
          ))}
        </p>
      )}
      {fields === undefined ? <pre class="prose">{visible(presented)}</pre> : fields.map(Said)}
      <details>
        <summary>As stored</summary>
        <pre>{visible(JSON.stringify(candidate, null, 2))}</pre>
      </details>
    </section>
  );
}

function Said({ path, label, text }: CandidateField) {
  return (
    <div key={keyOf(path)} class={`said ${path.findLast((step) => typeof step === 'string') ?? ''}`}>
      <h4>{label}</h4>
      <p class="prose">{visible(text)}</p>
    </div>
  );
}
