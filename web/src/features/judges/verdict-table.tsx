import type { ShadowReportBody } from '../../../../src/features/judges/http/schemas.ts';
import { amount, percent } from '../../format.ts';

/** How both judged: where they say the same, and which of them is alone with an approval. */
export function VerdictTable({ report }: Readonly<{ report: ShadowReportBody }>) {
  const { name, judged, both, neither, liveOnly, shadowOnly } = report;
  const cell = (count: number, kind: 'same' | 'differs') => (
    <td class={kind}>
      <b>{amount(count)}</b>
      <small>{judged === 0 ? '' : percent(count / judged)}</small>
    </td>
  );
  return (
    <section class="card">
      <h2>Verdicts of both</h2>
      <table class="verdicts">
        <caption class="unseen">Candidates by the verdict of the live judge and of {name}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{name} approved</th>
            <th scope="col">{name} rejected</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">live approved</th>
            {cell(both, 'same')}
            {cell(liveOnly, 'differs')}
          </tr>
          <tr>
            <th scope="row">live rejected</th>
            {cell(shadowOnly, 'differs')}
            {cell(neither, 'same')}
          </tr>
        </tbody>
      </table>
    </section>
  );
}
