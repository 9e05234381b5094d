import { open } from 'node:fs/promises';
import { z } from 'zod';
import { parseJson } from '../../../stages/text/json.ts';

const TAIL_BYTES = 256 * 1_024;
const MOST_LINES = 500;

const lineSchema = z.looseObject({
  kind: z.string().optional(),
  questionId: z.string().optional(),
  msg: z.string().optional(),
  stack: z.string().optional(),
});

/**
 * The last lines of a log file, without what a model or a user may have written: of a line about a question only the
 * facts are left, not the message. Empty where there is no file.
 */
export async function logTail(path: string): Promise<string> {
  const text = await tailOf(path).catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.slice(-MOST_LINES).map(withoutTexts).join('\n');
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

function withoutTexts(line: string): string {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) return '{"msg":"[not a line of the log]"}';
  const { msg, stack: _, ...facts } = parsed.data;
  const ofQuestion = facts.questionId !== undefined || facts.kind === 'content' || facts.kind === 'poison';
  const deadLetter = msg?.startsWith('dead letter') === true;
  return JSON.stringify(ofQuestion || deadLetter ? facts : { ...facts, msg });
}
