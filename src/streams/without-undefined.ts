type Given<T> = { [name in keyof T]?: Exclude<T[name], undefined> };

/** The values that there are, under their names: where a property is absent or has a value, and never says `undefined`. */
export function withoutUndefined<T extends object>(values: T): Given<T> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Given<T>;
}
