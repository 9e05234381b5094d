import { environmentVariable } from '../../infra/config/environment-variable.ts';
import { shellWord } from '../../infra/terminal/shell-word.ts';

/** Where what a command speaks of lies. What may hold a password is left to its variable or file. */
const PLACES = ['--config', '--data', '--kafka', '--mongo', '--namespace'];

/** How Millrace was called, for another command to be called alike: in this repository it is not installed. */
export function calledAs(): 'npm start --' | 'millrace' {
  return environmentVariable('npm_lifecycle_event') === 'start' ? 'npm start --' : 'millrace';
}

/** The flags of this command that say where its data is, for another command to find the same: with a space before each. */
export function samePlace(given?: readonly string[]): string {
  return sameFlags(PLACES, given);
}

/** Those of the flags that this command was given, with their values, as another command takes them. */
export function sameFlags(
  names: readonly string[],
  given: readonly string[] = process.argv.slice(2),
): string {
  const words = given.flatMap((word, at) => {
    const [name = '', ...rest] = word.split('=');
    const value = rest.length > 0 ? rest.join('=') : given[at + 1];
    if (!names.includes(name) || value === undefined || value.includes('@')) return [];
    return [name, shellWord(value)];
  });
  return words.map((word) => ` ${word}`).join('');
}

/** The same for commands that read that data: of a rehearsal that was asked for, they have to be told whose it is. */
export function sameData(given: readonly string[] = process.argv.slice(2)): string {
  return `${samePlace(given)}${isRehearsal(given) ? ' --dry-run' : ''}`;
}

/** Whether the simulated model, or what it has made, was asked for. */
function isRehearsal(given: readonly string[] = process.argv.slice(2)): boolean {
  return given.some((word) => /^--(?:dry-run|simulate(?:=.*)?)$/.test(word));
}

/** The same for `millrace redrive`, which may ask a model itself, and whose `--dry-run` is another one. */
export function sentAgainFrom(given?: readonly string[]): string {
  const rehearsed = isRehearsal(given) ? ' --simulate latency=300ms' : '';
  return `${samePlace(given)}${sameFlags(['--base-url'], given)}${rehearsed}`;
}

/** The same for a run that goes on with the model that was named. */
export function sameModel(given?: readonly string[]): string {
  return `${sameData(given)}${sameFlags(['--base-url', '--model'], given)}`;
}
