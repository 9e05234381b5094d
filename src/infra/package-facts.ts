import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** What the package says of itself. Read without a schema: `--version` and `--help` load nothing that takes time. */
export function packageFacts(): Readonly<{ version: string; description: string }> {
  const facts: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  if (typeof facts !== 'object' || facts === null || !('version' in facts) || !('description' in facts))
    throw new TypeError('Expected a version and a description in package.json.');
  return { version: String(facts.version), description: String(facts.description) };
}
