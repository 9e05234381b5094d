/** A part of a list such as `research=20,review=5`: its name, and what stands behind the first `=`, where there is one. */
export function namedValue(pair: string): readonly [name: string, value: string | undefined] {
  const [name = '', ...parts] = pair.split('=');
  return [name.trim(), parts.length === 0 ? undefined : parts.join('=').trim()];
}
