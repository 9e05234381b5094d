const MAX_NAMED = 10;
const MAX_NAME_CHARACTERS = 40;

/** `the fields "a", "b"`, at most ten of them, each shortened: names come from the input and may be of any length. */
export function listed(noun: string, names: readonly string[]): string {
  if (names.length === 0) return `no ${noun}s`;
  const shown = names.slice(0, MAX_NAMED).map(quoted).join(', ');
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return `the ${noun}${names.length === 1 ? '' : 's'} ${shown}${more}`;
}

/** The text in double quotes, on one line, shortened to 40 characters. */
export function quoted(text: string): string {
  const short = text.length > MAX_NAME_CHARACTERS ? `${text.slice(0, MAX_NAME_CHARACTERS)}…` : text;
  return JSON.stringify(short.toWellFormed());
}
