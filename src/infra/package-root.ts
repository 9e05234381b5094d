import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The directory of the package, as source or built: where its `package.json` stands. */
export function packageRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}
