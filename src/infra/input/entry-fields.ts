/** A field by the name that we give it, and the names that it may come under. */
const KNOWN_FIELDS: ReadonlyMap<string, EntryField> = new Map([
  ['question', 'question'],
  ['context', 'context'],
  ['topic', 'topic'],
  ['sub_topic', 'subTopic'],
  ['subTopic', 'subTopic'],
  ['training_type', 'trainingType'],
  ['trainingType', 'trainingType'],
  ['id', 'id'],
  ['metadata', 'metadata'],
]);

type EntryField = 'question' | 'context' | 'topic' | 'subTopic' | 'trainingType' | 'id' | 'metadata';

/** The fields of one entry, sorted: those with a meaning, and the user's own. */
export type SortedFields = Readonly<{
  known: Readonly<Partial<Record<EntryField, unknown>>>;
  others: Readonly<Record<string, unknown>>;
  /** Every name as it came, for messages. */
  names: readonly string[];
}>;

/**
 * Sorts the fields of an entry. `null` is an absent field. Where a field comes under both its names, the first
 * counts and the second is one of the user's own, so that nothing is lost.
 */
export function sortFields(fields: Iterable<readonly [string, unknown]>): SortedFields {
  const known: Partial<Record<EntryField, unknown>> = {};
  const others: [string, unknown][] = [];
  const names: string[] = [];
  for (const [name, value] of fields) {
    names.push(name);
    const field = KNOWN_FIELDS.get(name);
    if (field === undefined || known[field] !== undefined) others.push([name, value]);
    else if (value !== null) known[field] = value;
  }
  return { known, others: Object.fromEntries(others), names };
}

/** The name of a CSV column as the name of a field: white space and letter case do not count for the known ones. */
export function columnField(header: string): string {
  const name = header.trim();
  const bare = name.toLowerCase().replaceAll('_', '');
  return [...KNOWN_FIELDS.keys()].find((known) => known.toLowerCase().replaceAll('_', '') === bare) ?? name;
}
