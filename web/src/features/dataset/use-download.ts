import { useState } from 'preact/hooks';
import { open } from '../../api.ts';
import { fileNameIn } from './download-request.ts';

export type Download = Readonly<{
  /** What is asked for just now. */
  busy: boolean;
  problem: Error | undefined;
  /** Saves what the path brings, under the name that the server gives it. */
  save(path: string): Promise<void>;
}>;

/** A link brings no token, so the page fetches a file itself and hands it to the browser. */
export function useDownload(): Download {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const save = async (path: string) => {
    setProblem(undefined);
    setBusy(true);
    try {
      const reply = await open(path);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await reply.blob());
      link.download = fileNameIn(reply.headers.get('content-disposition'));
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, save };
}
