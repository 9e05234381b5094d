import type { QuestionEntry } from '../../infra/input/input-entry.ts';
import { sourceText } from '../../infra/input/mapping/field-map.ts';
import { columns, count, plural, printable, wrapped } from '../../infra/terminal/format.ts';
import type { BadKind, Looked } from './look.ts';

const LONGEST_TEXT = 300;
const LONGEST_REASON = 200;
const MOST_REASONS = 5;
const MOST_NAMES = 12;
const PARTS = ['system', 'history', 'tools', 'passages', 'fields', 'reference'] as const;

/** What was found, as a person reads it. */
export function lookText(looked: Looked): string {
  const { name, format, mapping, shown } = looked;
  const shape = mapping === undefined ? '' : `, read as ${mapping.shape.name}`;
  return [
    `${printable(name)}: ${format}${shape}`,
    columns(mappingRows(looked)),
    '',
    rowsText(looked),
    ...looked.bad.slice(0, MOST_REASONS).flatMap(badLines),
    ...shown.flatMap((entry, index) => ['', ...questionLines(entry, index + 1)]),
  ].join('\n');
}

/** Which column is what, as far as the rows that were looked at have it. */
function mappingRows({ mapping, shown, kept }: Looked): readonly (readonly string[])[] {
  const mapped = (mapping?.map ?? []).map((each) => [each.target, sourceText(each)] as const);
  const told = Object.entries(mapping?.shape.shown ?? {});
  const targets = Object.entries({ ...Object.fromEntries(told), ...Object.fromEntries(mapped) });
  const rows = targets.filter(
    ([target]) => target === 'question' || shown.some((entry) => has(entry, target)),
  );
  const own = kept.filter((name) => !rows.some(([target]) => target === name));
  const more = own.length > MOST_NAMES ? ' …' : '';
  const names = own.slice(0, MOST_NAMES).map((name) => printable(name, 40));
  return [
    ...rows.map(([target, source]) => [`  ${target}`, printable(source)]),
    ...(own.length === 0 ? [] : [['  metadata', names.join(', ') + more]]),
  ];
}

function has({ question, brought, metadata = {}, id }: QuestionEntry, target: string): boolean {
  if (target === 'answer') return brought?.kind === 'answer';
  if (target === 'chosen' || target === 'rejected') return brought?.kind === 'pair';
  if (target === 'context') return question.context !== '';
  if (target === 'id') return id !== undefined;
  return target in metadata || target in question;
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

function badLines({ count: times, first }: BadKind): readonly string[] {
  return wrapped(`${count(times)} × line ${first.line}: ${printable(first.reason, LONGEST_REASON)}`, '  ');
}

/** A question as it would be asked. */
function questionLines(
  { question, brought, metadata = {} }: QuestionEntry,
  number: number,
): readonly string[] {
  const { text, context, topic, subTopic, trainingType } = question;
  const labels = [topic, subTopic, trainingType]
    .filter((label) => label !== '')
    .map((each) => printable(each));
  const lines = [
    ...wrapped(`${number}. ${printable(text, LONGEST_TEXT)}`),
    ...(context === '' ? [] : wrapped(`context: ${printable(context, LONGEST_TEXT)}`, '   ')),
    ...PARTS.flatMap((part) => partLines(part, question[part])),
    ...(brought === undefined ? [] : answerLines(metadata)),
    `   ${labels.join(' / ')}`,
  ];
  return lines;
}

function answerLines(metadata: Readonly<Record<string, unknown>>): readonly string[] {
  return ['answer', 'chosen', 'rejected'].flatMap((name) => partLines(name, metadata[name]));
}

function partLines(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return wrapped(`${name}: ${printable(text, LONGEST_TEXT)}`, '   ');
}
