import { alignedColumns, count, money, plural, printable, spending } from '../../infra/terminal/format.ts';
import type { DeadLetterLife, StoredDeadLetter } from '../../streams/delivery/dead-letter.ts';
import type { Attempt } from '../../streams/work/work.ts';
import { adviceFor } from './advice.ts';

const MAX_SHOWN = 4_000;
const MAX_SHOWN_BYTES = 256;

/** The dead letters as a table: what each is, and under it when and of what it died last. */
export function deadLetterTable(deadLetters: readonly StoredDeadLetter[]): string {
  const rows = deadLetters.map(({ work, id, stage, kind, code, life }) => [
    work?.questionId ?? id,
    stage,
    `${kind}/${code}`,
    life.kind,
  ]);
  const [head, ...lines] = alignedColumns([['question', 'stage', 'class', 'stands'], ...rows]).split('\n');
  return [head, ...deadLetters.flatMap((deadLetter, at) => [lines[at], deathOf(deadLetter)])].join('\n');
}

function deathOf({ at, attempts, drive, message }: StoredDeadLetter): string {
  const again = drive === 0 ? '' : `, sent again ${plural(drive, 'time')}`;
  return `  ${at.slice(0, 19)}, ${plural(attempts.length, 'attempt')}${again}: ${printable(message, 80)}`;
}

/**
 * Everything that is known of a dead letter, safe to print.
 * @param place what a command that sends it again is given, with a space before each flag.
 */
export function deadLetterText(deadLetter: StoredDeadLetter, place = ''): string {
  const { id, stage, kind, code, message, topic, partition, offset, attempts, drive, work, life } =
    deadLetter;
  const headers = Object.entries(deadLetter.headers).map(
    ([name, value]) => `    ${printable(name, 100)}: ${printable(value, 300)}`,
  );
  return [
    printable(id, 300),
    `  stage     ${stage}${work === undefined ? '' : `, question ${work.questionId}, lane ${work.lane}, revision ${work.revision}`}`,
    `  class     ${kind}/${code}`,
    `  why       ${printable(message, 1_000)}`,
    `  stands    ${lifeText(life)}${drive === 0 ? '' : `, sent again ${plural(drive, 'time')}`}`,
    `  died      first ${deadLetter.firstAt}, last ${deadLetter.at}`,
    `  record    ${topic}:${partition}:${offset}, key ${deadLetter.key === null ? '(none)' : printable(deadLetter.key, 200)}`,
    ...(headers.length === 0 ? [] : ['  headers', ...headers]),
    '  value',
    ...valueLines(deadLetter.value),
    `  attempts  ${count(attempts.length)}, ${spentOn(attempts)}`,
    ...attempts.flatMap(attemptLines),
    `  what to do: ${adviceFor(deadLetter, { place })}`,
  ].join('\n');
}

function spentOn(attempts: readonly Attempt[]): string {
  const tokens = attempts.reduce((sum, { usage }) => sum + usage.input + usage.output, 0);
  const costUsd = attempts.reduce((sum, each) => sum + (each.costUsd ?? 0), 0);
  return spending(tokens, costUsd, attempts.filter((each) => each.costUsd === null).length);
}

function lifeText(life: DeadLetterLife): string {
  switch (life.kind) {
    case 'open':
      return 'open';
    case 'redriving':
      return 'being sent again by an operator';
    case 'sent':
      return `sent again at ${life.at}, not yet at an end`;
    case 'closed':
      return `closed at ${life.at}: ${life.how === 'redriven' ? 'sending it again helped' : 'done after all'}`;
    default:
      return life satisfies never;
  }
}

function attemptLines(attempt: Attempt): string[] {
  const { number, startedAt, message, reply } = attempt;
  return [
    `    ${number}. ${startedAt} ${factsOf(attempt).join(', ')}`,
    `       ${printable(message, 500)}`,
    ...(reply === '' ? ['       (no reply)'] : shown(reply).map((line) => `       | ${line}`)),
  ];
}

function factsOf({ outcome, code, model, finishReason, usage, durationMs, costUsd }: Attempt): string[] {
  const by = [model, finishReason].filter((text) => text !== '').map((text) => printable(text, 100));
  return [
    `${outcome}/${code}`,
    ...by,
    `${count(durationMs)} ms`,
    `${count(usage.input)} + ${count(usage.output)} tokens`,
    costUsd === null ? 'unknown price' : money(costUsd),
  ];
}

function valueLines(value: StoredDeadLetter['value']): string[] {
  if (value === null) return ['    (none: a tombstone)'];
  const text = typeof value === 'string' ? value : textIn(value);
  if (text !== undefined) return shown(text).map((line) => `    | ${line}`);
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
  const hex =
    bytes
      .subarray(0, MAX_SHOWN_BYTES)
      .toString('hex')
      .match(/.{1,64}/g) ?? [];
  return [`    ${plural(bytes.length, 'byte')}, no UTF-8 text:`, ...hex.map((line) => `    | ${line}`)];
}

function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Text of strangers, line by line, without what a terminal would obey. */
function shown(text: string): string[] {
  const lines = text
    .slice(0, MAX_SHOWN)
    .split('\n')
    .map((line) => printable(line, 1_000));
  const rest = text.length - MAX_SHOWN;
  return rest > 0 ? [...lines, `… and ${count(rest)} characters more: --json shows all`] : lines;
}
