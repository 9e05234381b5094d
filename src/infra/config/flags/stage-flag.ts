import { InvalidArgumentError } from 'commander';
import { Failure } from '../../../streams/failure.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/;

/**
 * The name of a stage, or of a status, as a flag gives it. Flags are read before the settings, whose plugins may bring stages: what is no name is refused
 * here, and `assertKnown` refuses the rest.
 */
export function stageFlag<Name extends string>(known: readonly Name[], text: string): Name {
  if (known.some((name) => name === text) || NAME.test(text)) return text as Name;
  throw new InvalidArgumentError(expectedText(known, text));
}

/** Throws a Failure (`bad_flag`) for a name that none has, now that the plugins of the settings are registered. */
export function assertKnownName<Name extends string>(known: readonly Name[], names: readonly Name[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Failure('fatal', 'bad_flag', expectedText(known, unknown));
}

function expectedText(known: readonly string[], text: string): string {
  return `Expected one of ${known.join(', ')}, got ${text}.`;
}
