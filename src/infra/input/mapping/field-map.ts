import { ownField } from '../../../stages/text/json.ts';
import { digitsAsText } from '../../../stages/text/parse-exact.ts';
import { Failure } from '../../../streams/failure.ts';
import { namedValue } from '../../config/flags/named-value.ts';
import { nameIn } from './field-names.ts';
import { ANSWERS, type Meant, type RowFields, TARGETS } from './meant.ts';
import { answerOfValue } from './shapes/own-question.ts';

type Part = Readonly<{ kind: 'constant'; text: string }> | Readonly<{ kind: 'path'; path: string }>;

/** Where a part of the question comes from: `joined` by blank lines where there are several. */
export type MappedTarget = Readonly<{ target: string; parts: readonly Part[] }>;
export type FieldMap = readonly MappedTarget[];

const FIELD = /^fields\.[A-Za-z_]\w{0,63}$/;
/** Outside quotes. */
const COMMA = /,(?=(?:[^'"]*(?:'[^']*'|"[^"]*"))*[^'"]*$)/;
const PLUS = /\+(?=(?:[^'"]*(?:'[^']*'|"[^"]*"))*[^'"]*$)/;

/** Reads `question=instruction,topic='law'` of the flag, given once or more, as settings have it. Throws a fatal Failure `bad_map`. */
export function mapOfFlag(...texts: readonly string[]): Readonly<Record<string, string>> {
  const sources = new Map<string, string>();
  for (const pair of texts.flatMap((text) => text.split(COMMA))) {
    const [target, source = ''] = namedValue(pair);
    const first = sources.get(target);
    if (first !== undefined)
      throw bad(
        `expected each target once, came ${target}=${first} and ${target}=${source}; + joins columns`,
      );
    sources.set(target, source);
  }
  return Object.fromEntries(sources);
}

/**
 * The map of the settings, checked: targets by name, each with a column path (`a.b[0].c`), several joined by `+`, or a
 * `'constant'`; a column whose name holds `+` or `,` stands in double quotes. Throws a fatal Failure `bad_map`.
 */
export function fieldMapOf(map: Readonly<Record<string, string>>): FieldMap {
  return Object.entries(map).map(([target, source]) => {
    if (!TARGETS.some((known) => known === target) && !FIELD.test(target))
      throw bad(`unknown target "${target}": expected one of ${TARGETS.join(', ')}, fields.NAME`);
    const parts = source.split(PLUS).map((part) => partOf(part.trim()));
    if (parts.some((part) => part.kind === 'path' && part.path === ''))
      throw bad(`${target}: expected a column, like ${target}=COLUMN, came "${target}=${source}"`);
    return { target, parts };
  });
}

/** What the row means, with the parts that the map names taken from where it says. What is no answer stays the user's own. */
export function applied(map: FieldMap, row: RowFields, meant: Meant): Meant {
  if (map.length === 0) return meant;
  const taken = map.filter(
    ({ target, parts }) => !isAnswer(target) || answerOfValue(sourceValue(parts, row)),
  );
  const used = taken.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === 'path' ? [part.path, otherName(row, part.path)] : [])),
  );
  const fields: [string, unknown][] = [];
  const found = map.flatMap(({ target, parts }) => {
    const value = sourceValue(parts, row);
    if (target.startsWith('fields.')) fields.push([target.slice('fields.'.length), value]);
    else if (isAnswer(target)) return [[target, answerOfValue(value)] as const];
    else return [[target, value ?? undefined] as const];
    return [];
  });
  const others = Object.entries(meant.others).filter(([name]) => !used.includes(name));
  return {
    ...meant,
    ...Object.fromEntries(found),
    ...(fields.length === 0 ? {} : { fields: { ...asObject(meant.fields), ...Object.fromEntries(fields) } }),
    others: Object.fromEntries(others),
  };
}

function isAnswer(target: string): boolean {
  return ANSWERS.some((name) => name === target);
}

/** The targets whose columns are in none of the rows. */
export function unseenTargets(map: FieldMap, rows: readonly RowFields[]): readonly MappedTarget[] {
  return map.filter(({ parts }) => !rows.some((row) => sourceValue(parts, row) !== undefined));
}

/** As it is written: `a+b`. */
export function mappingText({ parts }: MappedTarget): string {
  return parts.map((part) => (part.kind === 'path' ? columnText(part.path) : `'${part.text}'`)).join('+');
}

/** A column as a map names it. */
export function columnText(name: string): string {
  return /[,+']/.test(name) || name !== name.trim() ? `"${name}"` : name;
}

function sourceValue(parts: readonly Part[], row: RowFields): unknown {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return partValue(first, row);
  const texts = parts.flatMap((part) => {
    const value = partValue(part, row);
    return value === undefined || value === null || value === '' ? [] : [textOf(value)];
  });
  return texts.length === 0 ? undefined : texts.join('\n\n');
}

/** Columns that are joined: what is no text is the text of its JSON. */
function textOf(value: unknown): string {
  const plain = digitsAsText(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

function partValue(part: Part, row: RowFields): unknown {
  return part.kind === 'constant' ? part.text : at(row, part.path);
}

/** A column that is named so counts before the path, and the path before a column in another letter case: tables have some in ours. */
function at(row: RowFields, path: string): unknown {
  if (Object.hasOwn(row, path)) return row[path];
  const other = otherName(row, path);
  return other === undefined ? along(row, path) : row[other];
}

function otherName(row: RowFields, path: string): string | undefined {
  return along(row, path) === undefined ? nameIn(row, path) : undefined;
}

function along(row: RowFields, path: string): unknown {
  const steps = path.split(/\.|\[(\d+)\]/).filter((step) => step !== undefined && step !== '');
  return steps.reduce<unknown>((inner, step) => ownField(inner, step), row);
}

function partOf(text: string): Part {
  const constant = /^'(.*)'$/s.exec(text)?.[1];
  if (constant !== undefined) return { kind: 'constant', text: constant };
  return { kind: 'path', path: /^"(.*)"$/s.exec(text)?.[1] ?? text };
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function bad(what: string): Failure {
  return new Failure('fatal', 'bad_map', `--map: ${what}.`);
}
