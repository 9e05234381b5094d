import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { entryFile, oldNodeFile } from './entry-file.ts';
import { loadLater } from './load-later.ts';
import { sharedChunks } from './shared-chunks.ts';

const root = join(import.meta.dirname, '..');
/** What pino brings; that which logs from a thread of its own is left alone. */
const OF_PINO = [
  '@pinojs/redact',
  'atomic-sleep',
  'on-exit-leak-free',
  'pino-std-serializers',
  'process-warning',
  'quick-format-unescaped',
  'real-require',
  'safe-stable-stringify',
  'sonic-boom',
  'thread-stream',
];
/** What a start on the embedded engine reads; everything else is imported where and when it is used. */
const BUNDLED = [
  'commander',
  'csv-parse',
  'jsonrepair',
  'mustache',
  'openai',
  'pino',
  ...OF_PINO,
  'rxjs',
  'tslib',
  'undici',
  'yaml',
  'zod',
];
const isBundled = (id: string) => BUNDLED.some((name) => id === name || id.startsWith(`${name}/`));

/**
 * Builds what `dist` holds, from the source, into a directory: the command and the library, each dependency that a start reads among
 * them, in a few files. A start that reads a thousand files takes twice as long. See docs/decisions/0099-few-files-to-read.md.
 *
 * @param out named `dist`, under a directory with the `package.json` and the `node_modules` of this one.
 * @param more further programs over the same source: their files by their names there.
 */
export async function writeBundle(out: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  await using bundle = await rolldown({
    input: {
      'cli/bin': join(root, 'src/cli/bin.ts'),
      'index.main': join(root, 'src/index.ts'),
      'search-worker': join(root, 'src/infra/documents/index/search-worker.ts'),
      'testing.main': join(root, 'src/testing.ts'),
      // Read by vitest alone, which asks for a Node of its own.
      'testing/engine': join(root, 'src/testing/engine.ts'),
      extractor: join(root, 'src/infra/documents/extract/child.ts'),
      ...more,
    },
    platform: 'node',
    // Node is pointed to what was compiled for its oldest versions, in 200 modules that cannot be left out one by one.
    resolve: { alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') } },
    plugins: [loadLater(join(root, 'node_modules'))],
    external: (id) => !/^[./]/.test(id) && !isBundled(id),
  });
  const written = await bundle.write({
    dir: out,
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: sharedChunks(join(root, 'src')),
  });
  for (const entry of ['index', 'testing']) {
    const main = `${entry}.main.js`;
    const chunk = written.output.find(({ fileName }) => fileName === main);
    if (chunk?.type !== 'chunk') throw new Error(`The bundle has no ${main}.`);
    writeFileSync(join(out, `${entry}.js`), entryFile(main, chunk.exports));
  }
  writeFileSync(join(out, 'old-node.cjs'), oldNodeFile);
  writeFileSync(join(out, 'LICENSES-OF-BUNDLED.txt'), BUNDLED.map(licence).join('\n'));
}

function licence(name: string): string {
  const directory = join(root, 'node_modules', name);
  const file = readdirSync(directory).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined || !existsSync(directory))
    throw new Error(`${name} brings no licence to ship with it.`);
  return `=== ${name}\n\n${readFileSync(join(directory, file), 'utf8')}`;
}
