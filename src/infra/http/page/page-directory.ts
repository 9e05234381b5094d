import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Said where a checkout has no page yet. */
export const PAGE_NOT_BUILT = 'The page was not built here: npm run build:page.';

/** Where the built page stands: beside the built source, or in `dist` of a checkout. `undefined` where it was not built. */
export function pageDirectory(): string | undefined {
  const places = ['../../../web', '../../../../dist/web'].map((path) => new URL(path, import.meta.url));
  const built = places.find((place) => existsSync(new URL(`${place}/index.html`)));
  return built === undefined ? undefined : fileURLToPath(built);
}
