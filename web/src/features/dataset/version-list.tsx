import type { Version } from '../../../../src/features/dataset/http/version-schemas.ts';
import { pathOf } from '../../api.ts';
import { ProblemNotice } from '../../components/problem.tsx';
import { amount, howMany, moment, money } from '../../format.ts';
import { versionWords } from './download-request.ts';
import { useDownload } from './use-download.ts';

/** The versions, the newest first, each with its files as they were made. */
export function VersionList({ versions }: Readonly<{ versions: readonly Version[] }>) {
  const { busy, problem, save } = useDownload();
  return (
    <section class="card" aria-busy={busy}>
      <h2>Versions</h2>
      {versions.length === 0 && (
        <p class="faint">
          None yet. <code>millrace export --as-version v1</code> keeps what it exports as a version, which can
          be had again to the byte.
        </p>
      )}
      {problem !== undefined && <ProblemNotice error={problem} />}
      <ul class="versions">
        {versions.toReversed().map((version) => (
          <li key={version.name}>
            <VersionRow version={version} busy={busy} onSave={(path) => void save(path)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type RowProps = Readonly<{ version: Version; busy: boolean; onSave: (path: string) => void }>;

function VersionRow({ version, busy, onSave }: RowProps) {
  const { name, createdAt, examples, costUsd, unpriced, simulated, files } = version;
  return (
    <>
      <div>
        <b>{name}</b> {simulated > 0 && <strong class="simulated">SIMULATED</strong>}
        <small>{moment(createdAt)}</small>
        <small>{versionWords(version)}</small>
      </div>
      <div>
        {howMany(examples, 'example')}, {money(costUsd)}
        {unpriced > 0 && <small>{amount(unpriced)} works without a price</small>}
      </div>
      <div class="files">
        {files.map(({ name: file, part, sha256, lines }) => (
          <button
            key={file}
            type="button"
            class="quiet"
            aria-label={`Download ${part ?? file} of version ${name}`}
            title={`${amount(lines)} lines, SHA-256 ${sha256}`}
            disabled={busy}
            onClick={() => onSave(pathOf('/v1/dataset/download', { version: name, part }))}
          >
            {part ?? file}
          </button>
        ))}
      </div>
    </>
  );
}
