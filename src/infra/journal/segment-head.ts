import { z } from 'zod';
import { parseJson } from '../../stages/text/json.ts';

/** What this Millrace writes and reads. */
export const JOURNAL_VERSION = 1;

/** A head is not longer. */
export const MOST_HEAD_BYTES = 4_096;

const headSchema = z.object({
  millrace: z.literal('journal'),
  v: z.number(),
  namespace: z.string(),
  host: z.string().catch(''),
  pid: z.number().catch(0),
  since: z.string().catch(''),
});

export type SegmentHead = z.output<typeof headSchema>;

/** The first line of a file of the journal. */
export function headLine(head: Omit<SegmentHead, 'millrace' | 'v'>): string {
  return `${JSON.stringify({ millrace: 'journal', v: JOURNAL_VERSION, ...head })}\n`;
}

/** The head of a file and where its frames begin; `undefined` for a file that is no journal. */
export function headIn(file: Buffer): Readonly<{ head: SegmentHead; end: number }> | undefined {
  const line = file.subarray(0, MOST_HEAD_BYTES).indexOf('\n');
  if (line === -1) return undefined;
  const head = headSchema.safeParse(parseJson(file.toString('utf8', 0, line)));
  return head.success ? { head: head.data, end: line + 1 } : undefined;
}
