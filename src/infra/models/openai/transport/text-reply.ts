/** Headers to be asked for by name, in small letters: a `Headers` is one. */
export type HeaderReader = Readonly<{ get(name: string): string | null }>;

/** An answer that was read to its end. */
export type TextReply = Readonly<{ status: number; headers: HeaderReader; text: string }>;

export type HeaderRecord = Readonly<Record<string, string | string[] | undefined>>;

/** The headers as undici hands them on: nothing is copied, of some dozen nobody looks at more than three. */
export function headerReader(record: HeaderRecord): HeaderReader {
  return {
    get: (name) => {
      const value = Object.hasOwn(record, name) ? record[name] : undefined;
      return value === undefined ? null : String(value);
    },
  };
}

/** Whether a status tells of success. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
