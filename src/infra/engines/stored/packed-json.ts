import { z } from 'zod';
import { jsonText } from '../../../stages/store/table/read-stored.ts';
import { unpackText } from './packed-text.ts';

/** A packed text that holds JSON of a known shape. */
export function packedJson<T>(schema: z.ZodType<T>): z.ZodType<T, Uint8Array> {
  return z
    .instanceof(Uint8Array)
    .transform((packed, context): string => {
      try {
        return unpackText(packed);
      } catch {
        context.issues.push({
          code: 'custom',
          message: 'packed bytes that cannot be unpacked',
          input: packed,
        });
        return z.NEVER;
      }
    })
    .pipe(jsonText(schema));
}
