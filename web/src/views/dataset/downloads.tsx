import { useState } from 'preact/hooks';
import type { FileType } from '../../../../src/infra/export/encoder.ts';
import type { ExportFormat } from '../../../../src/stages/formats/index.ts';
import { open } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';

// Checked against the server's list: a format that is missing here or unknown there is a type error.
const FORMATS: Readonly<Record<ExportFormat, string>> = {
  openai: 'OpenAI, TRL and others: chat messages',
  'openai-dpo': 'OpenAI: preference pairs',
  trl: 'TRL: prompt and completion as messages',
  'prompt-completion': 'TRL and others: two texts',
  dpo: 'TRL: preference pairs',
  kto: 'TRL: answers with labels',
  alpaca: 'LLaMA-Factory, Axolotl',
  sharegpt: 'LLaMA-Factory, Axolotl: conversations',
  'sharegpt-dpo': 'LLaMA-Factory: ranking pairs',
  'sharegpt-kto': 'LLaMA-Factory: answers with labels',
  axolotl: 'Axolotl: chat messages',
  'axolotl-dpo': 'Axolotl: preference pairs',
  record: 'everything known of each example',
};
const FILE_TYPES: readonly FileType[] = ['jsonl', 'parquet'];

type DownloadsProps = Readonly<{ lane: string; empty: boolean }>;

/** The dataset as a file, in each format of a trainer. */
export function Downloads({ lane, empty }: DownloadsProps) {
  const [problem, setProblem] = useState<Error>();
  const [fileType, setFileType] = useState<FileType>('jsonl');
  const download = async (format: string) => {
    setProblem(undefined);
    try {
      const query = new URLSearchParams({ lane, format, fileType });
      const file = await (await open(`/v1/dataset/download?${query}`)).blob();
      const link = document.createElement('a');
      link.href = URL.createObjectURL(file);
      link.download = `dataset-${lane}-${format}.${fileType}`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return (
    <p class="downloads">
      <label>
        Download as{' '}
        <select onChange={({ currentTarget }) => setFileType(fileTypeNamed(currentTarget.value))}>
          {FILE_TYPES.map((type) => (
            <option key={type} selected={type === fileType}>
              {type}
            </option>
          ))}
        </select>
      </label>
      {Object.entries(FORMATS).map(([format, title]) => (
        <button
          key={format}
          type="button"
          class="quiet"
          title={title}
          disabled={empty}
          onClick={() => void download(format)}
        >
          {format}
        </button>
      ))}
      {problem !== undefined && <Problem error={problem} />}
    </p>
  );
}

function fileTypeNamed(name: string): FileType {
  return FILE_TYPES.find((type) => type === name) ?? 'jsonl';
}
