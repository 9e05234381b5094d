import { ANSWERS, QUESTION_FIELDS, type RowFields } from './meant.ts';

/** By which a table names its columns in any letter case. Those under `fields` are named by themselves. */
const OF_A_QUESTION = QUESTION_FIELDS.filter((name) => name !== 'fields');
/** What rows of other tools are told by. */
const OF_OTHERS = [
  ...['instruction', 'input', 'output', 'response', 'prompt', 'completion'],
  ...[...ANSWERS, 'messages', 'conversations'],
];

/** By letters alone; of two names with the same letters the first counts. */
function byLetters(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.toReversed().map((name) => [lettersOf(name), name]));
}

const columns = byLetters(OF_A_QUESTION);
const all = byLetters([...OF_A_QUESTION, ...OF_OTHERS]);

/** The name of a CSV column as the name of a field: white space around it and letter case do not count for the known ones. */
export function columnField(header: string): string {
  const name = header.trim();
  return columns.get(lettersOf(name)) ?? name;
}

/** The names of a table's columns, each known one as {@link columnField} gives it; where that name stands there itself, another is kept. */
export function columnFields(header: readonly string[]): readonly string[] {
  const exact = new Set(header.map((cell) => cell.trim()));
  return header.map((cell) => {
    const field = columnField(cell);
    return exact.has(field) ? cell.trim() : field;
  });
}

/** The name under which a field stands in the row: exactly, else in any letter case. */
export function nameIn(row: RowFields, field: string): string | undefined {
  if (Object.hasOwn(row, field)) return field;
  return Object.keys(row).find((name) => lettersOf(name) === lettersOf(field));
}

/** The row with the names that mean something as we write them: `Instruction`, `SYSTEM`. A name that stands there already is kept. */
export function loosened(row: RowFields): RowFields {
  const renamed = Object.entries(row).map(([name, value]) => {
    const meant = all.get(lettersOf(name));
    return [meant === undefined || Object.hasOwn(row, meant) ? name : meant, value] as const;
  });
  return Object.fromEntries(renamed);
}

function lettersOf(name: string): string {
  return name.trim().toLowerCase().replaceAll('_', '');
}
