import type { Version } from '../../../../src/features/dataset/http/version-schemas.ts';
import type { FileType } from '../../../../src/infra/export/encoders/encoder.ts';
import { type DownloadRequest, PARTS, partsOffered, withVersion } from './download-request.ts';

const FILE_TYPES: readonly FileType[] = ['jsonl', 'parquet'];

type ChoiceProps = Readonly<{
  request: DownloadRequest;
  versions: readonly Version[];
  onChange: (request: DownloadRequest) => void;
}>;

/** Of what, and as what, a download is to be. */
export function DownloadChoice({ request, versions, onChange }: ChoiceProps) {
  const { fileType, version, part, split, skipMarks } = request;
  const named = (name: string) => versions.find((each) => each.name === name);
  return (
    <div class="choice">
      <Choice
        label="Examples"
        value={version?.name ?? ''}
        options={[
          ['', 'as they stand now'],
          ...versions.map(({ name }) => [name, `version ${name}`] as const),
        ]}
        onChange={(name) => onChange(withVersion(request, named(name)))}
      />
      <Choice
        label="Part"
        value={part ?? 'all'}
        options={partsOffered(request).map((name) => [name, name])}
        onChange={(name) => onChange({ ...request, part: PARTS.find((each) => each === name) })}
      />
      {version === undefined && part !== undefined && (
        <label>
          Shares
          <input
            value={split}
            title="Of train, validation and test: 90/5/5. Of train and test: 90/10."
            onInput={({ currentTarget }) => onChange({ ...request, split: currentTarget.value })}
          />
        </label>
      )}
      {version === undefined && (
        <label title="Without texts that hold <image>, </s>, <think> and other marks that trainers obey, or unseen letters">
          Skip marks
          <input
            type="checkbox"
            checked={skipMarks}
            onChange={({ currentTarget }) => onChange({ ...request, skipMarks: currentTarget.checked })}
          />
        </label>
      )}
      <Choice
        label="File"
        value={fileType}
        options={FILE_TYPES.map((type) => [type, type])}
        onChange={(name) =>
          onChange({ ...request, fileType: FILE_TYPES.find((each) => each === name) ?? 'jsonl' })
        }
      />
    </div>
  );
}

type OneChoiceProps = Readonly<{
  label: string;
  value: string;
  options: readonly (readonly [value: string, words: string])[];
  onChange: (value: string) => void;
}>;

function Choice({ label, value, options, onChange }: OneChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
