import type { Settings } from '../../infra/config/settings.ts';
import type { InputEntry, InputOptions } from '../../infra/input/input-entry.ts';
import { readQuestions } from '../../infra/input/read-questions.ts';
import { RejectsFile } from '../../infra/input/rejects-file.ts';
import type { Asked } from '../../runs/intake.ts';
import { trainingTypes } from '../../stages/training-types/index.ts';
import type { Display } from '../display/display.ts';
import { printable } from '../format.ts';

export type Rejects = Readonly<{ count: number; path: string }>;

/** The questions of a file, and what could not be read of it. */
export type QuestionFile = Readonly<{
  name: string;
  asked(): AsyncGenerator<Asked>;
  /** `undefined` while everything could be read. */
  rejects(): Rejects | undefined;
  close(): Promise<void>;
}>;

/** So many bad lines are shown as they come; all of them are kept in the rejects file. */
const SHOWN = 10;

export type QuestionReader = (file: string, options: InputOptions) => AsyncIterable<InputEntry>;

/** Bad lines are shown, kept in `OUT.rejects.jsonl`, and passed over. */
export function questionFile(
  file: string,
  settings: Settings,
  display: Pick<Display, 'note'>,
  read: QuestionReader = readQuestions,
): QuestionFile {
  const name = file === '-' ? 'standard input' : file;
  const rejects = new RejectsFile(`${settings.out}.rejects.jsonl`);
  let bad = 0;

  async function* asked(): AsyncGenerator<Asked> {
    const { topic, subTopic, trainingType } = settings;
    const entries = read(file, {
      defaults: { topic, subTopic, trainingType },
      trainingTypes: [...trainingTypes.keys()],
      stdin: process.stdin,
    });
    for await (const entry of entries) {
      if (entry.kind === 'question') {
        yield entry;
        continue;
      }
      bad += 1;
      await rejects.append(name, entry);
      if (bad <= SHOWN) display.note(`${name}:${entry.line}: ${printable(entry.reason, 300)}`);
      if (bad === SHOWN + 1) display.note(`more bad lines: see ${rejects.path}`);
    }
  }

  return {
    name,
    asked,
    rejects: () => (bad === 0 ? undefined : { count: bad, path: rejects.path }),
    close: () => rejects.close(),
  };
}
