import type { DatasetStatisticsReply } from '../../../../src/features/dataset/http/schemas.ts';
import type { Versions } from '../../../../src/features/dataset/http/version-schemas.ts';
import { Bars } from '../../components/bars.tsx';
import { ProblemNotice } from '../../components/problem.tsx';
import { Unloaded } from '../../components/unloaded.tsx';
import { amount } from '../../format.ts';
import { hrefOf } from '../../router.ts';
import { useLoaded } from '../../use-loaded.ts';
import { DatasetCard } from './dataset-card.tsx';
import { Downloads } from './downloads.tsx';
import { VersionList } from './version-list.tsx';

/** The approved examples together: what they are about, how long and how good they are, and where to get them. */
export function DatasetView({ lane }: Readonly<{ lane: string }>) {
  const { value, problem } = useLoaded<DatasetStatisticsReply>(
    `/v1/dataset/statistics?lane=${encodeURIComponent(lane)}`,
  );
  const kept = useLoaded<Versions>('/v1/dataset/versions');
  if (value === undefined) return <Unloaded problem={problem} />;
  const { approved, rejected, simulated, topics, trainingTypes, scores, lengths } = value;
  const { nearDuplicates, examined, formats } = value;
  return (
    <>
      <h1>Dataset</h1>
      <p>
        {amount(approved)} approved, {amount(rejected)} rejected in lane {lane}.{' '}
        {simulated && <strong class="simulated">SIMULATED: no training data</strong>}
        {examined < approved && <span class="faint"> The pictures rest on {amount(examined)} of them.</span>}
      </p>
      <Downloads lane={lane} empty={approved === 0} formats={formats} versions={kept.value?.versions ?? []} />
      {kept.value !== undefined && <VersionList versions={kept.value.versions} />}
      {kept.problem !== undefined && <ProblemNotice error={kept.problem} />}
      <div class="distributions">
        <Bars title="Topics" bars={topics} />
        <Bars title="Lowest score" bars={scores} />
        <Bars title="Length in characters" bars={lengths} />
        <Bars title="Training types" bars={trainingTypes} />
      </div>
      <section class="card">
        <h2>Near-duplicates</h2>
        {nearDuplicates.length === 0 && <p class="faint">None found.</p>}
        <ul class="pairs">
          {nearDuplicates.map(({ a, b, textA, textB, similarity }) => (
            <li key={`${a} ${b}`}>
              <b>{Math.round(similarity * 100)} %</b> <a href={hrefOf(['questions', a], { lane })}>{textA}</a>
              <a href={hrefOf(['questions', b], { lane })}>{textB}</a>
            </li>
          ))}
        </ul>
      </section>
      <DatasetCard key={lane} lane={lane} />
    </>
  );
}
