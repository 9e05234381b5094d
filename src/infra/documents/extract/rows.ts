import { asFailure } from '../../../streams/failure.ts';
import { openRows } from '../../input/open-rows.ts';
import type { ExtractedText } from '../text/block.ts';
import { refusal } from './refusal.ts';
import { TextBuilder } from './text-builder.ts';

/** Which columns of a table are its texts. */
export type TextFields = Readonly<{ text?: string | undefined; title?: string | undefined }>;

type Row = Readonly<{ line: number; fields: Readonly<Record<string, string>> }>;

/** So many rows are looked at to tell a column of texts from one of names and numbers. */
const SAMPLE_ROWS = 50;
const TEXT_CHARACTERS = 20;
const MOST_NAMED_COLUMNS = 8;
const MOST_CHARACTERS = 80_000_000;
/** Rows are no questions here: nothing has to be put in for what they lack. */
const AS_IT_IS = { defaults: { topic: '', subTopic: '', trainingType: '' }, trainingTypes: [] };

/**
 * The texts of a table, each row for itself: CSV, JSON lines. Throws a Failure of kind `poison` (`which_field`) where more than one column
 * holds texts and none is named.
 */
export async function rowsFile(file: string, name: string, wanted: TextFields): Promise<ExtractedText> {
  const rows = await readRows(file, name);
  const field = wanted.text ?? textFieldOf(rows, name);
  if (rows.every(({ fields }) => fields[field] === undefined))
    throw refusal('which_field', `${name}: no row has a field ${field}.${fieldsText(rows)}`);
  const builder = new TextBuilder();
  for (const { line, fields } of rows) {
    const body = fields[field]?.trim() ?? '';
    if (body === '') continue;
    const title = wanted.title === undefined ? '' : (fields[wanted.title]?.trim() ?? '');
    builder.beginRow(line);
    builder.add(title, title === body ? undefined : 1);
    builder.add(body);
  }
  return builder.built(name, name);
}

async function readRows(file: string, name: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let characters = 0;
  try {
    for await (const entry of (await openRows(file, AS_IT_IS)).rows) {
      if (entry.kind !== 'row') continue;
      const fields = fieldsOf(entry.value);
      rows.push({ line: entry.entry.line, fields });
      characters += Object.values(fields).reduce((sum, value) => sum + value.length, 0);
      if (characters > MOST_CHARACTERS)
        throw refusal(
          'too_long',
          `${name}: more than 80 million characters in one table; cut it into smaller files.`,
        );
    }
  } catch (error) {
    const failure = asFailure(error);
    throw failure.kind === 'poison' ? failure : refusal('bad_document', `${name}: ${failure.message}`, error);
  }
  return rows;
}

function fieldsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value === 'string') return { text: value };
  if (typeof value !== 'object' || value === null) return {};
  const texts = Object.entries(value).flatMap(([name, field]) =>
    typeof field === 'string' ? [[name, field] as const] : [],
  );
  return Object.fromEntries(texts);
}

function textFieldOf(rows: readonly Row[], name: string): string {
  const sample = rows.slice(0, SAMPLE_ROWS);
  const names = [...new Set(sample.flatMap(({ fields }) => Object.keys(fields)))];
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  const texts = names.filter((field) => isText(sample.flatMap(({ fields }) => fields[field] ?? [])));
  const [text, ...more] = texts;
  if (text !== undefined && more.length === 0) return text;
  throw refusal('which_field', `${name}: which column holds the text?${fieldsText(rows, texts)}`);
}

function isText(values: readonly string[]): boolean {
  const long = values.filter((value) => value.length >= TEXT_CHARACTERS && /\s/.test(value.trim()));
  return long.length * 2 > values.length;
}

function fieldsText(rows: readonly Row[], texts: readonly string[] = []): string {
  const all = [...new Set(rows.slice(0, SAMPLE_ROWS).flatMap(({ fields }) => Object.keys(fields)))];
  const named = (texts.length > 0 ? texts : all).slice(0, MOST_NAMED_COLUMNS);
  return named.length === 0 ? '' : ` --text-field one of ${named.join(', ')}.`;
}
