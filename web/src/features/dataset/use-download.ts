import { open } from '../../api.ts';
import { type Acting, useAct } from '../../use-act.ts';
import { fileNameIn } from './download-request.ts';

export type Download = Omit<Acting, 'act'> &
  Readonly<{
    /** Saves what the path brings, under the name that the server gives it. */
    save(path: string): Promise<void>;
  }>;

/** A link brings no token, so the page fetches a file itself and hands it to the browser. */
export function useDownload(): Download {
  const { act, ...state } = useAct();
  const save = (path: string) =>
    act(async () => {
      const reply = await open(path);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await reply.blob());
      link.download = fileNameIn(reply.headers.get('content-disposition'));
      link.click();
      URL.revokeObjectURL(link.href);
    });
  return { ...state, save };
}
