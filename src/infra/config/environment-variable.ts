/** A variable of the environment without white space around it; `undefined` where it is not set, or blank. */
export function environmentVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

/** Servers that no proxy stands before, as undici takes them: what `NO_PROXY` names, and those of this machine. */
export function withoutProxy(): string {
  const named = environmentVariable('no_proxy') ?? environmentVariable('NO_PROXY') ?? '';
  return named === '*' ? '*' : [named, 'localhost', '127.0.0.1', '[::1]'].filter(Boolean).join(',');
}
