import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

const load = createRequire(import.meta.url);
let engine: Pick<typeof RE2JS, 'compile'> | undefined;

/**
 * A pattern that is matched in time linear in the text, whoever wrote it. Its engine is loaded with the first: a start without any
 * spares 260 KB. Throws the engine's errors of a pattern that it cannot use.
 */
export function linearPattern(pattern: string): RE2JS {
  engine ??= loaded().RE2JS;
  return engine.compile(pattern);
}

function loaded(): typeof import('re2js') {
  return load('re2js');
}
