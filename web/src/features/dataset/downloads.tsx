import { useState } from 'preact/hooks';
import type { DatasetStatisticsReply } from '../../../../src/features/dataset/http/schemas.ts';
import type { Version } from '../../../../src/features/dataset/http/version-schemas.ts';
import { pathOf } from '../../api.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { DownloadChoice } from './download-choice.tsx';
import { type DownloadRequest, downloadParams } from './download-request.ts';
import { useDownload } from './use-download.ts';

const WHOLE: DownloadRequest = {
  ...{ fileType: 'jsonl', version: undefined, part: undefined, split: '90/5/5' },
  skipMarks: false,
};

type DownloadsProps = Readonly<{
  lane: string;
  empty: boolean;
  versions: readonly Version[];
  formats: DatasetStatisticsReply['formats'];
}>;

/** The dataset as a file, whole, in parts or as a version, in each format that is registered. */
export function Downloads({ lane, empty, versions, formats }: DownloadsProps) {
  const [request, setRequest] = useState(WHOLE);
  const { busy, problem, save } = useDownload();
  return (
    <section class="card downloads" aria-busy={busy}>
      <h2>Download</h2>
      <DownloadChoice request={request} versions={versions} onChange={setRequest} />
      <p class="formats">
        {formats.map(({ name: format, description: title }) => (
          <button
            key={format}
            type="button"
            class="quiet"
            title={title}
            disabled={busy || (empty && request.version === undefined)}
            onClick={() => void save(pathOf('/v1/dataset/download', downloadParams(request, lane, format)))}
          >
            {format}
          </button>
        ))}
        <span class="faint" role="status">
          {busy && 'The file is being made…'}
        </span>
      </p>
      {problem !== undefined && <ProblemNotice error={problem} />}
    </section>
  );
}
