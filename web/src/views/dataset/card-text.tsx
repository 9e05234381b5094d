import type { DatasetCard } from '../../../../src/infra/http/dataset/schemas.ts';
import { useLoaded } from '../../use-loaded.ts';

/** The dataset card as it is exported with the examples. */
export function CardText({ lane }: Readonly<{ lane: string }>) {
  const loaded = useLoaded<DatasetCard>(`/v1/dataset/card?lane=${encodeURIComponent(lane)}`);
  if (loaded.kind !== 'loaded') return null;
  return (
    <details class="card">
      <summary>Dataset card</summary>
      <pre>{loaded.value.markdown}</pre>
    </details>
  );
}
