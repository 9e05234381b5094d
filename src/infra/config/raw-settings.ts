/** Settings as a person wrote them, before they are checked. */
export type RawSettings = Readonly<Record<string, unknown>>;
