import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../infra/package-root.ts';

/** Said where a checkout has no page yet. */
export const PAGE_NOT_BUILT = 'The page was not built here: npm run build:page.';

/** Where the built page stands. `undefined` where it was not built. */
export function pageDirectory(): string | undefined {
  const directory = join(packageRoot(), 'dist/web');
  return existsSync(join(directory, 'index.html')) ? directory : undefined;
}
