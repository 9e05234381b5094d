import { Failure } from '../../../streams/failure.ts';
import { quoted } from '../listed.ts';
import { columnPaths, isByColumn } from './column-paths.ts';
import { columnText } from './field-map.ts';
import { loosened } from './field-names.ts';
import type { RowFields, Shape } from './meant.ts';
import { chatMessages, sharedConversations } from './shapes/conversations.ts';
import { instructions } from './shapes/instructions.ts';
import { ownQuestion } from './shapes/own-question.ts';
import { preferences } from './shapes/preferences.ts';
import { prompts } from './shapes/prompts.ts';
import { records } from './shapes/records.ts';

/** The first that fits counts: pairs hold conversations too. */
const shapes: readonly Shape[] = [
  records,
  ownQuestion,
  preferences,
  chatMessages,
  sharedConversations,
  prompts,
  instructions,
];

/** A shape, and whether its names are written otherwise (`Instruction`). */
export type Recognised = Readonly<{ shape: Shape; loose: boolean }>;

/** What a row is told to be by its names, written exactly or in any letter case; `undefined` if by none. */
export function recognise(row: RowFields): Recognised | undefined {
  const exact = shapes.find(({ fits }) => fits(row));
  if (exact !== undefined) return { shape: exact, loose: false };
  const loose = loosened(row);
  const shape = shapes.find(({ fits }) => fits(loose));
  return shape && { shape, loose: true };
}

const QUESTIONS = /^(?:q|query|ask|problem|task|user|human|input|title|.*question.*|.*prompt.*|.*frage.*)$/i;
const ANSWERS = /^(?:a|reply|solution|target|assistant|gpt|.*answer.*|.*response.*|.*output.*|.*antwort.*)$/i;
const MOST_COLUMNS = 12;

/** What is wrong with an input of such rows, and what to type. */
export function unrecognised(name: string, row: RowFields): Failure {
  const columns = columnPaths(row);
  const said =
    columns.length === 0
      ? 'no columns'
      : `Columns: ${columns.slice(0, MOST_COLUMNS).map(shortened).join(', ')}${columns.length > MOST_COLUMNS ? ' …' : ''}`;
  if (columns.length === 1 && columns[0]?.toLowerCase() === 'text')
    return unrecognisedInput(
      `${name}: only a column "text". Pre-training text has no question; if it holds questions: --map question=${columns[0]}`,
    );
  return unrecognisedInput(
    `${name}: no known format. ${said}. Say which is which: --map ${nearestMap(columns)}`,
  );
}

/** Throws a Failure that says so where the row is a whole table: what it holds are columns, and no rows. */
export function assertRow(name: string, row: RowFields): void {
  if (!isByColumn(row)) return;
  const hint = "pandas writes rows with orient='records', lines=True";
  throw unrecognisedInput(`${name}: a table written column by column; expected a row an object (${hint})`);
}

function nearestMap(columns: readonly string[]): string {
  const question = columns.find((name) => QUESTIONS.test(name));
  const answer = columns.find((name) => name !== question && ANSWERS.test(name));
  const named = answer === undefined ? '' : `,answer=${columnText(answer)}`;
  return `question=${columnText(question ?? 'COLUMN')}${named}`;
}

const SYSTEMS = /^(?:system[_ ]?(?:prompt|message)|system_instruction)$/i;

/** The `--map` for what stands beside our own names and is likely meant by them: an answer, a system prompt; `undefined` where nothing is. */
export function likelyMeant(names: readonly string[]): string | undefined {
  const answer = names.find((name) => name !== 'answer' && ANSWERS.test(name));
  const system = names.find((name) => SYSTEMS.test(name));
  const map = [
    ...(answer === undefined ? [] : [`answer=${columnText(answer)}`]),
    ...(system === undefined ? [] : [`system=${columnText(system)}`]),
  ];
  return map.length === 0 ? undefined : map.join(',');
}

export function unrecognisedInput(message: string): Failure {
  return new Failure('fatal', 'input_unrecognised', message);
}

/** As it can be typed; in quotes where it holds anything else. */
function shortened(name: string): string {
  return /^[\p{L}\p{N}_. -]{1,40}$/u.test(name) ? name : quoted(name);
}
