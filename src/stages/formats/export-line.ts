import { asFailure } from '../../streams/failure.ts';
import type { Example } from '../example.ts';
import type { Submission } from '../question.ts';
import { trainingTypes } from '../training-types/index.ts';
import type { Line } from '../training-types/training-type.ts';
import { type Format, type LineShape, shapeOf } from './format.ts';

/** Texts of a simulated model carry this mark. */
const SIMULATED_MARK = '[simulated]';

/** What of a submission goes into a `record`. */
export type Asker = Readonly<Partial<Pick<Submission, 'id' | 'metadata'>>>;

export type ExportedLine =
  /** `line` has no line end. */
  | Readonly<{ kind: 'line'; line: string; shape: LineShape | 'record' }>
  /** `reason` names no example, so that equal reasons can be counted. */
  | Readonly<{ kind: 'skipped'; reason: string }>;

/** The example as the trainer reads it, checked against the trainer's rule. */
export function trainerLine(example: Example, format: Format): ExportedLine {
  const type = trainingTypes.get(example.question.trainingType);
  if (type === undefined) return skipped(`training type "${example.question.trainingType}" is unknown`);
  try {
    const line = type.parse(example.candidate).lineFor(format.name);
    if (line === undefined) return skipped(`format ${format.name} cannot hold a ${type.name} example`);
    return checked(line, format, example.simulated);
  } catch (error) {
    return skipped(`the candidate is no ${type.name} example (${asFailure(error).code})`);
  }
}

/** Everything that is known of the example: its own fields, and the user's id and metadata (`null` if there are none). */
export function recordLine(example: Example, { id, metadata }: Asker): ExportedLine {
  const line = serialise({ id: id ?? null, metadata: metadata ?? null, ...example });
  return { kind: 'line', line, shape: 'record' };
}

function checked(line: Line, format: Format, simulated: boolean): ExportedLine {
  const shape = shapeOf(line);
  const parsed = format.shapes[shape]?.rule.safeParse(line);
  if (parsed === undefined) return skipped(`format ${format.name} knows no ${shape}`);
  if (!parsed.success) {
    return skipped(`the line breaks the rule of ${format.name}: ${parsed.error.issues[0]?.message ?? ''}`);
  }
  const text = serialise(line);
  // A line that could pass for training data is worse than no line.
  if (simulated && !text.includes(SIMULATED_MARK))
    return skipped('a simulated text does not say that it is simulated');
  return { kind: 'line', line: text, shape };
}

function skipped(reason: string): ExportedLine {
  return { kind: 'skipped', reason };
}

/** Also escapes the line ends that JSON allows in a string and that some readers split lines at. */
function serialise(line: Line): string {
  return JSON.stringify(line).replace(
    /[\u0085\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
