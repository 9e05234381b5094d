import { CommanderError } from 'commander';
import { asFailure } from '../streams/failure.ts';
import { endSoon } from './end-soon.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { growNewSpace } from './limit-memory.ts';
import { buildProgram } from './program.ts';
import { watchReaders } from './reader-gone.ts';

watchReaders();
growNewSpace();
try {
  const program = await buildProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
endSoon();

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const failure = asFailure(error);
  const verbose = process.argv.includes('--verbose');
  process.stderr.write(`\nmillrace: ${verbose ? (failure.stack ?? failure.message) : failure.message}\n`);
  if (verbose && failure.facts.cause !== undefined)
    process.stderr.write(`Caused by: ${String(failure.facts.cause)}\n`);
  return exitCodeOf(failure);
}
