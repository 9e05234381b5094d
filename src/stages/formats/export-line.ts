import { asFailure, errorText } from '../../streams/failure.ts';
import { unmarked, withoutMarks } from '../evidence/citing.ts';
import type { FoundPiece } from '../evidence/finder.ts';
import type { Example } from '../example.ts';
import type { Question } from '../question.ts';
import { wellFormedJson } from '../text/well-formed.ts';
import { readBy, typeOfCandidate } from '../training-types/former.ts';
import type { AnyTrainingType, ParsedCandidate } from '../training-types/training-type.ts';
import { withContext } from './context-turn.ts';
import {
  type Asker,
  type Format,
  type Held,
  type Line,
  type LineShape,
  ruleOf,
  type WholeRule,
} from './format.ts';
import { pairFrom } from './history-pairs.ts';
import { record } from './record.ts';
import type { ContextTurn, Pair, Told, Turn } from './turn.ts';
import { turnsOf } from './turns-of.ts';

/** Texts of a simulated model carry this mark. */
const SIMULATED_MARK = '[simulated]';

export type ExportedLine =
  /** `line` has no line end, and is the text of `value`. */
  | Readonly<{ kind: 'line'; line: string; value: Line; shape: LineShape | 'record' }>
  /** `reason` names no example, so that equal reasons can be counted. */
  | Readonly<{ kind: 'skipped'; reason: string }>;

/** What is known beside an example, and how its lines are wanted. */
export type Beside = Readonly<{
  /** Who asked, where that is known. */
  asker?: Asker | undefined;
  /** Candidates of the same question that the reviewer did not approve. */
  sentBack?: readonly unknown[] | undefined;
  /** What lines shall be without, on purpose. Default: nothing, and what a format has no place for is left out with its example. */
  without?: readonly Held[] | undefined;
  /** Whether the source that the question brings leads its user's message. Default: it does not. */
  contextTurn?: ContextTurn | undefined;
  /** Texts of the sources that the answer does not rest on. Default: none. */
  distractors?: readonly FoundPiece[] | undefined;
}>;

/**
 * The example as lines of the format, checked against its rule: one line, or several where the format lives on the review
 * history. What a part from outside throws leaves the example out, with its reason.
 */
export function linesIn(format: Format, example: Example, beside: Beside): readonly ExportedLine[] {
  try {
    if (format.whole !== undefined) {
      const whole = format.whole.keepsMarks === true ? example : withoutMarks(example);
      return [wholeLine(format === record ? whole : stripped(whole, beside), format, format.whole, beside)];
    }
    const quotes = example.research.evidence?.length ?? 0;
    const sentBack = (beside.sentBack ?? []).map((each) => unmarked(each, quotes));
    return shapedLines(withoutMarks(example), format, { ...beside, sentBack });
  } catch (error) {
    const why = errorText(error);
    if (asFailure(error).code === 'type_changed') return [skipped(why)];
    return [skipped(`format ${format.name} failed: ${why}`)];
  }
}

function shapedLines(
  example: Example,
  format: Format,
  { sentBack = [], asker, without = [], contextTurn }: Beside,
): readonly ExportedLine[] {
  const type = typeOfCandidate(example.candidate, example.question);
  if (type === undefined) return [skipped(`training type "${example.question.trainingType}" is unknown`)];
  const { question } = example;
  const read = (each: unknown) => parsed(each, { type, question, contextTurn });
  const candidate = read(example.candidate);
  if ('kind' in candidate) return [candidate];
  const told = {
    system: without.includes('system') ? undefined : question.system,
    tools: without.includes('tools') ? undefined : question.tools,
  };
  const before = turnsOf(question.history ?? []);
  const approved = example.review.verdict === 'approved';
  const story = { type, candidate, approved, sentBack: sentBack.map(read), told, before };
  const lost = lostBy(format, story);
  if (lost !== undefined) return [skipped(`format ${format.name} has no place for ${lost}`)];
  const made = linesOf(format, story);
  if (before.length > 0 && !made.some(isMade) && linesOf(format, { ...story, before: [] }).some(isMade))
    return [
      skipped(`format ${format.name} cannot hold the turns before the question of a ${type.name} example`),
    ];
  const lines = made.map((each) =>
    isMade(each) ? checked(withId(each, format, example, asker), format, example.simulated) : each,
  );
  const texts = new Set<string>();
  return lines.filter((each) => each.kind === 'skipped' || (!texts.has(each.line) && texts.add(each.line)));
}

/** The example as if its question had not brought these parts. */
function stripped(example: Example, { without = [] }: Beside): Example {
  if (without.length === 0) return example;
  const none = Object.fromEntries(without.map((part) => [part, undefined]));
  return { ...example, question: { ...example.question, ...none } };
}

function wholeLine(
  example: Example,
  format: Format,
  { lineOf }: WholeRule,
  { asker = {}, distractors = [] }: Beside,
): ExportedLine {
  const line = lineOf(example, asker, distractors);
  if (line === undefined) return cannotHold(format, example.question.trainingType);
  // Everything known of an example is as the store has it, and says whether it is simulated.
  if (format === record) return { kind: 'line', line: serialise(line), value: line, shape: 'record' };
  return checked({ shape: 'record', line }, format, example.simulated);
}

function cannotHold(format: Format, trainingType: string): Skipped {
  return skipped(`format ${format.name} cannot hold a ${trainingType} example`);
}

type Skipped = Extract<ExportedLine, { kind: 'skipped' }>;
type Made = Readonly<{ shape: LineShape | 'record'; line: Line }>;
const isMade = (each: Made | Skipped): each is Made => !('kind' in each);
type Story = Readonly<{
  type: AnyTrainingType;
  candidate: ParsedCandidate;
  approved: boolean;
  sentBack: readonly (ParsedCandidate | Skipped)[];
  told: Told;
  /** What was said before the question. */
  before: readonly Turn[];
}>;

/** What of the example the format would lose, for people. */
function lostBy({ holds = [] }: Format, { candidate, told, before }: Story): string | undefined {
  if (told.system !== undefined && !holds.includes('system'))
    return 'a system prompt (--without system strips it)';
  if (holds.includes('tools')) return undefined;
  if (told.tools !== undefined) return 'tools (--without tools strips them)';
  const calls = [...before, ...candidate.turns()].some(({ steps = [] }) => steps.length > 0);
  return calls ? 'calls of tools' : undefined;
}

function linesOf(format: Format, story: Story): readonly (Made | Skipped)[] {
  const { answers, preferences, labels } = format.shapes;
  const { type, candidate, told, before } = story;
  const cannot = cannotHold(format, type.name);
  const made = (shape: LineShape, line: Line | undefined) => (line === undefined ? cannot : { shape, line });
  if (labels !== undefined)
    return labelled(story).map((each) => ('kind' in each ? each : made('labels', labels.lineOf(each, told))));
  const pair = withBefore(candidate.pair(), before);
  if (pair === undefined && candidate.turns().length === 0) return [cannot];
  if (preferences !== undefined && pair !== undefined)
    return [story.approved ? made('preferences', preferences.lineOf(pair, told)) : notApproved];
  if (answers !== undefined)
    return [made('answers', answers.lineOf([...before, ...candidate.turns()], told))];
  if (preferences === undefined) return [cannot];
  return pairsOf(story).map((each) =>
    'kind' in each ? each : made('preferences', preferences.lineOf(each, told)),
  );
}

const notApproved = skipped('a question that was not approved has no answer to prefer');

/** Every answer there is to the question, and whether it is wanted. */
function labelled({ candidate, approved, sentBack, before }: Story) {
  const pair = candidate.pair();
  if (pair !== undefined)
    return [true, false].map((label) => ({
      turns: [...before, { user: pair.prompt, assistant: label ? pair.chosen : pair.rejected }],
      label: label && approved,
    }));
  const earlier = sentBack.map((each) =>
    'kind' in each ? each : { turns: [...before, ...each.turns()], label: false },
  );
  return [{ turns: [...before, ...candidate.turns()], label: approved }, ...earlier];
}

function pairsOf({ type, candidate, approved, sentBack, before }: Story) {
  if (!approved) return [notApproved];
  if (sentBack.length === 0) return [skipped('nothing was sent back: there is no answer to reject')];
  return sentBack.map((each) => {
    if ('kind' in each) return each;
    if (type.calls !== undefined)
      return skipped('which of two calls is better, nothing says: they are no pair');
    const pair = withBefore(pairFrom(candidate.turns(), each.turns()), before);
    return pair ?? skipped('the prompt was rewritten with the answer: the two are no pair');
  });
}

/** The pair with what was said before its question. */
function withBefore(pair: Pair | undefined, before: readonly Turn[]): Pair | undefined {
  if (pair === undefined || before.length === 0) return pair;
  return { ...pair, before: [...before, ...(pair.before ?? [])] };
}

/** Of a question without an id of its asker's the line has our own: a column of a file has one type. */
function withId(made: Made, { hasId }: Format, { questionId }: Example, asker: Asker | undefined): Made {
  if (hasId === undefined || asker === undefined) return made;
  return { ...made, line: { id: asker.id ?? questionId, ...made.line } };
}

function parsed(
  value: unknown,
  {
    type,
    question,
    contextTurn,
  }: Readonly<{ type: AnyTrainingType; question: Question; contextTurn: ContextTurn | undefined }>,
): ParsedCandidate | Skipped {
  try {
    const candidate = readBy(typeOfCandidate(value, question) ?? type, value, question);
    return contextTurn === 'before' ? withContext(candidate, question) : candidate;
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code === 'type_changed') return skipped(message);
    return skipped(`the candidate is no ${type.name} example (${code})`);
  }
}

function checked({ shape, line }: Made, format: Format, simulated: boolean): ExportedLine {
  const result = ruleOf(format, shape === 'record' ? undefined : shape)?.safeParse(line);
  if (result === undefined) return skipped(`format ${format.name} knows no ${shape}`);
  if (!result.success) {
    return skipped(`the line breaks the rule of ${format.name}: ${result.error.issues[0]?.message ?? ''}`);
  }
  const text = serialise(line);
  // A line that could pass for training data is worse than no line.
  if (simulated && !text.includes(SIMULATED_MARK)) return skipped(UNMARKED);
  return { kind: 'line', line: text, value: line, shape };
}

/** Why a line of a simulated run is left out that holds nothing but what somebody brought. */
export const UNMARKED = 'a simulated text does not say that it is simulated';

function skipped(reason: string): Skipped {
  return { kind: 'skipped', reason };
}

/** Also escapes the line ends that JSON allows in a string and that some readers split lines at. */
function serialise(line: Line): string {
  return wellFormedJson(line).replace(
    /[\u0085\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
