import type { QuestionEntry } from '../../../infra/input/input-entry.ts';
import { mappingText } from '../../../infra/input/mapping/field-map.ts';
import { alignedColumns, count, plural, printable, wrapped } from '../../../infra/terminal/format.ts';
import type { BadKind, Looked } from './look.ts';

const LONGEST_TEXT = 300;
const LONGEST_REASON = 200;
const MOST_REASONS = 5;
const MOST_NAMES = 12;
const MOST_LANGUAGES = 5;
/** What rows of any shape may bring under these names. */
const OF_ANY_SHAPE: readonly string[] = ['id', 'topic', 'sub_topic', 'training_type'];
const PARTS = ['system', 'history', 'tools', 'passages', 'fields', 'reference'] as const;

/** What was found, as a person reads it. */
export function lookText(looked: Looked): string {
  const { name, format, mapping, shown } = looked;
  const shape = mapping === undefined ? '' : `, read as ${mapping.shape.name}`;
  return [
    `${printable(name)}: ${format}${shape}`,
    alignedColumns(mappingRows(looked)),
    '',
    rowsText(looked),
    ...unansweredLines(looked),
    ...unkeptLines(looked),
    ...languageLines(looked),
    ...looked.bad.slice(0, MOST_REASONS).flatMap(badLines),
    ...shown.flatMap((entry, index) => ['', ...questionLines(entry, index + 1)]),
  ].join('\n');
}

/** Which column is what, as far as the rows that were looked at have it. */
function mappingRows({ mapping, parts, kept }: Looked): readonly (readonly string[])[] {
  const has = (target: string) => parts.has(target) || kept.includes(target) || isField(target, parts);
  const mapped = (mapping?.map ?? []).map((each) => [each.target, mappingText(each)] as const);
  const told = Object.entries(mapping?.shape.shown ?? {});
  const own = OF_ANY_SHAPE.filter((name) => parts.has(name)).map((name) => [name, name] as const);
  const all = [...told, ...own.filter(([name]) => !told.some(([target]) => target === name)), ...mapped];
  const targets = Object.entries(Object.fromEntries(all));
  const rows = targets.filter(([target]) => target === 'question' || (target !== 'metadata' && has(target)));
  const others = kept.filter((name) => !rows.some(([target]) => target === name));
  const more = others.length > MOST_NAMES ? ' …' : '';
  const names = others.slice(0, MOST_NAMES).map((name) => printable(name, 40));
  return [
    ...rows.map(([target, source]) => [`  ${target}`, printable(source)]),
    ...(others.length === 0 ? [] : [['  metadata', names.join(', ') + more]]),
  ];
}

function isField(target: string, parts: Looked['parts']): boolean {
  return target.startsWith('fields.') && parts.has('fields');
}

function rowsText({ questions, answers, bad, goesOn }: Looked): string {
  const broken = bad.reduce((sum, each) => sum + each.count, 0);
  const looked = `${goesOn ? 'The first ' : ''}${plural(questions + broken, 'row')}`;
  const parts = [
    plural(questions, 'question'),
    ...(answers === 0 ? [] : [`${count(answers)} with an answer`]),
    ...(broken === 0 ? [] : [`${count(broken)} cannot be read`]),
  ];
  return `${looked}: ${parts.join(', ')}.`;
}

/** Where answers are to be judged, a row without one is a bad row. */
function unansweredLines({ questions, answers, bad }: Looked): readonly string[] {
  const without = questions - answers;
  if (answers === 0 || without === 0) return [];
  const broken = bad.reduce((sum, each) => sum + each.count, 0);
  const share = without / (questions + broken);
  const most = share > 0.5 ? ', and a run would not begin (--max-bad)' : '';
  const said = without === 1 ? 'row has no answer: it is' : 'rows have no answer: they are';
  return wrapped(`${count(without)} ${said} bad for --from answer${most}.`);
}

/** What is lost where nobody maps it to something else. */
function unkeptLines({ unkept }: Looked): readonly string[] {
  if (unkept.length === 0) return [];
  const names = unkept.slice(0, MOST_NAMES).map((name) => printable(name, 40));
  const more = unkept.length > MOST_NAMES ? ' …' : '';
  return wrapped(`Of passages id, title and text are kept, and not: ${names.join(', ')}${more}.`);
}

/** In which languages, as far as frequent words tell. */
function languageLines({ languages, questions }: Looked): readonly string[] {
  const told = [...languages].flatMap(([name, n]) => (name === undefined ? [] : [[name, n] as const]));
  if (told.length === 0) return [];
  const sorted = told.toSorted(([, one], [, other]) => other - one);
  const named = sorted
    .slice(0, MOST_LANGUAGES)
    .map(([name, n]) => (n === questions ? name : `${name} ${count(n)}`));
  const more = sorted.slice(MOST_LANGUAGES).reduce((sum, [, n]) => sum + n, languages.get(undefined) ?? 0);
  const all = [...named, ...(more === 0 ? [] : [`others or not told ${count(more)}`])];
  return wrapped(`Languages, by frequent words: ${all.join(', ')}.`);
}

function badLines({ count: times, first }: BadKind): readonly string[] {
  return wrapped(`${count(times)} × line ${first.line}: ${printable(first.reason, LONGEST_REASON)}`, '  ');
}

/** A question as it would be asked. */
function questionLines(
  { question, brought, metadata = {} }: QuestionEntry,
  number: number,
): readonly string[] {
  const { text, context, topic, subTopic, trainingType } = question;
  const type = brought?.kind === 'pair' ? `${trainingType} (dpo with --from pair)` : trainingType;
  const labels = [topic, subTopic, type].filter((label) => label !== '').map((each) => printable(each));
  const lines = [
    ...wrapped(`${number}. ${printable(text, LONGEST_TEXT)}`),
    ...(context === '' ? [] : wrapped(`context: ${printable(context, LONGEST_TEXT)}`, '   ')),
    ...PARTS.flatMap((part) => partLines(part, question[part])),
    ...(brought === undefined ? [] : answerLines(metadata)),
    ...(question.given === undefined ? [] : answerLines(Object(question.given.candidate))),
    `   ${labels.join(' / ')}`,
  ];
  return lines;
}

function answerLines(metadata: Readonly<Record<string, unknown>>): readonly string[] {
  return ['reasoning', 'answer', 'chosen', 'rejected', 'steps', 'turns'].flatMap((name) =>
    partLines(name, metadata[name]),
  );
}

function partLines(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return wrapped(`${name}: ${printable(text, LONGEST_TEXT)}`, '   ');
}
