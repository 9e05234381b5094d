/** A variable of the environment without white space around it; `undefined` where it is not set, or blank. */
export function environmentVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
