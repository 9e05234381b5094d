import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';
import { parseJson } from '../../text/json.ts';

/** Behind it, in the order of bytes, comes no text that begins as the text before it. */
export const LAST_CHARACTER = '\u{10ffff}';

/** What a database answered, checked. Throws a Failure of kind `fatal` if it does not hold what we wrote. */
export function readStored<T>(schema: z.ZodType<T>, stored: unknown): T {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const message = `What is stored is not what was written: ${z.prettifyError(parsed.error)}`;
  throw new Failure('fatal', 'unreadable_data', message);
}

/** A text that holds JSON of a known shape. */
export function jsonText<T>(schema: z.ZodType<T>): z.ZodType<T, string> {
  return z.string().transform((text, context): T => {
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.issues.push({ code: 'custom', message: z.prettifyError(parsed.error), input: text });
    return z.NEVER;
  });
}

/** A string by another name, such as a token. Only its type is checked: it is ours. */
export function branded<T extends string>(): z.ZodType<T, T> {
  return z.custom<T>((value) => typeof value === 'string');
}
