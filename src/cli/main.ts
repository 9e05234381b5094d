import { CommanderError } from 'commander';
import { redactText, secretsOf } from '../infra/config/secrets.ts';
import { exitOnBrokenPipe, hasReader } from '../infra/terminal/broken-pipe.ts';
import { EXIT, exitCodeOf } from '../infra/terminal/exit-code.ts';
import { fitted } from '../infra/terminal/fitted.ts';
import { printableLines } from '../infra/terminal/format.ts';
import { asFailure } from '../streams/failure.ts';
import { growNewSpace } from './limit-memory.ts';
import { buildProgram } from './program.ts';

/** Shorter secrets stand in too many words that are none. */
const LONG = 8;

const LOOK_MS = 3_000;

exitOnBrokenPipe();
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
  const cause = failure.facts.cause === undefined ? '' : `\nCaused by: ${String(failure.facts.cause)}`;
  const text = verbose ? `${failure.stack ?? failure.message}${cause}` : failure.message;
  const said = `millrace: ${printableLines(redactText(text, longSecrets()))}`;
  process.stderr.write(`\n${fitted(said, process.stderr)}\n`);
  return exitCodeOf(failure);
}

function longSecrets(): readonly string[] {
  return secretsOf(undefined).filter(({ length }) => length >= LONG);
}

/**
 * Ends the process although something keeps it alive: kafkajs goes on reaching for brokers that are gone, long after it
 * was told to disconnect. A process that nothing keeps alive ends at once. Output that waits to be read is waited for.
 */
function endSoon(): void {
  setInterval(() => {
    if ([process.stdout, process.stderr].every((each) => each.writableLength === 0 || !hasReader(each)))
      process.exit();
  }, LOOK_MS).unref();
}
