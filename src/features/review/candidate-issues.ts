import type { z } from 'zod';

/** What is wrong with a value, and where, for those who mend it. */
export type Issue = Readonly<{ path: readonly (string | number)[]; message: string }>;

export function candidateIssues(schema: z.ZodType, value: unknown): readonly Issue[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => ({
    path: path.map((part) => (typeof part === 'number' ? part : String(part))),
    message,
  }));
}
