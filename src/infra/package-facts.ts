import { readFileSync } from 'node:fs';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string(), description: z.string() });

/** What the package says of itself. */
export function packageFacts(): z.output<typeof packageSchema> {
  return packageSchema.parse(
    JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
  );
}
