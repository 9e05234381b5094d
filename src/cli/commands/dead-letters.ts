import { Command } from 'commander';
import type { DeadLetter } from '../../streams/dead-letter.ts';
import { addDataFlags, settingsOf } from '../flags.ts';
import { columns, count, money, printable } from '../format.ts';
import { openData } from '../open-data.ts';

const MAX_SHOWN_REPLY = 2_000;

/** `millrace dead-letters`: what failed, why, and what the model said. */
export function deadLettersCommand(): Command {
  const command = new Command('dead-letters')
    .description(
      'What could not be worked, and why. With the beginning of an id: every attempt and raw reply.',
    )
    .argument('[id]', 'beginning of a dead letter’s or a question’s id')
    .option('--json', 'as JSON lines, with everything');
  return addDataFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace dead-letters\n  $ millrace dead-letters 3fa2\n  $ millrace run --retry-failed      send them again',
    )
    .action((id: string | undefined, flags: { json?: boolean }) => deadLetters(id, flags, command));
}

async function deadLetters(
  id: string | undefined,
  flags: { json?: boolean },
  command: Command,
): Promise<void> {
  const { engine } = await openData(await settingsOf(command));
  try {
    const letters: DeadLetter[] = [];
    for await (const letter of engine.store.reports.deadLetters())
      if (id === undefined || letter.id.startsWith(id) || letter.work?.questionId.startsWith(id) === true)
        letters.push(letter);
    process.stdout.write(`${flags.json === true ? letters.map(asJson).join('\n') : textOf(letters, id)}\n`);
  } finally {
    await engine.close();
  }
}

function textOf(letters: readonly DeadLetter[], id: string | undefined): string {
  if (letters.length === 0)
    return id === undefined ? 'No dead letters.' : `No dead letter begins with ${id}.`;
  if (id !== undefined) return letters.map(whole).join('\n\n');
  const rows = letters.map(({ work, id: letterId, stage, kind, code, attempts, message }) => [
    work?.questionId ?? letterId,
    stage,
    `${kind}/${code}`,
    count(attempts.length),
    printable(message, 100),
  ]);
  const table = columns([['question', 'stage', 'class', 'attempts', 'message'], ...rows]);
  return `${table}\n\nMore of one: millrace dead-letters ID. Send all again: millrace run --retry-failed`;
}

function whole(letter: DeadLetter): string {
  const { id, stage, kind, code, message, topic, partition, offset, at, attempts } = letter;
  const head = `${id}\n  ${stage}, ${kind}/${code}, ${at}\n  record ${topic}:${partition}:${offset}\n  ${printable(message, 1_000)}`;
  const each = attempts.map((attempt) => {
    const cost = attempt.costUsd === null ? 'unknown price' : money(attempt.costUsd);
    const facts = `${attempt.startedAt} ${attempt.outcome}/${attempt.code}, ${attempt.durationMs} ms, ${cost}`;
    const reply = attempt.reply === '' ? '(no reply)' : printable(attempt.reply, MAX_SHOWN_REPLY);
    return `  attempt ${attempt.number}: ${facts}\n    ${printable(attempt.message, 500)}\n    reply: ${reply}`;
  });
  return [head, ...each].join('\n');
}

function asJson({ value, offset, ...letter }: DeadLetter): string {
  const original = value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;
  return JSON.stringify({ ...letter, offset: offset.toString(), value: original });
}
