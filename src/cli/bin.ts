#!/usr/bin/env node
import module from 'node:module';

const NEEDED = 24;

// Everything else is loaded after this check: an older Node would stop at an import, with a riddle for a message.
if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `millrace needs Node ${NEEDED} or newer; this is ${process.version} (${process.execPath}).\n`,
  );
  process.exit(2);
}
module.enableCompileCache();
const { limitMemory } = await import('./limit-memory.ts');
limitMemory();
await import('./main.ts');
