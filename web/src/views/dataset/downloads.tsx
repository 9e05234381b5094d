import { useState } from 'preact/hooks';
import { open } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';

const FORMATS = ['openai', 'alpaca', 'sharegpt', 'trl', 'dpo', 'record'];

type DownloadsProps = Readonly<{ lane: string; empty: boolean }>;

/** The dataset as a file, in each format of a trainer. */
export function Downloads({ lane, empty }: DownloadsProps) {
  const [problem, setProblem] = useState<Error>();
  const download = async (format: string) => {
    setProblem(undefined);
    try {
      const query = new URLSearchParams({ lane, format });
      const file = await (await open(`/v1/dataset/download?${query}`)).blob();
      const link = document.createElement('a');
      link.href = URL.createObjectURL(file);
      link.download = `dataset-${lane}-${format}.jsonl`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return (
    <p class="downloads">
      Download as{' '}
      {FORMATS.map((format) => (
        <button
          key={format}
          type="button"
          class="quiet"
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
