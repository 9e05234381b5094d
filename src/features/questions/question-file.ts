import type { InputEntry, InputOptions } from '../../infra/input/input-entry.ts';
import { assertReadable, nameOf, type QuestionReader, readInputs } from '../../infra/input/read-inputs.ts';
import { RejectsFile } from '../../infra/input/rejects-file.ts';
import { count, plural, printable } from '../../infra/terminal/format.ts';
import { Failure } from '../../streams/failure.ts';
import type { Display } from '../run/display/display.ts';
import { rejectsPathOf } from './keep-input.ts';
import { Lookahead } from './lookahead.ts';
import type { Asked } from './question-record.ts';

/** `left`: bad lines that the file had no room for. */
export type Rejects = Readonly<{ count: number; path: string; left: number }>;

/** The questions of one input or of several, and what could not be read of them. */
export type QuestionFile = Readonly<{
  name: string;
  /**
   * Looks at the first 1,000 lines, or at so many questions, and at the beginning of each further input. Throws a Failure where no
   * line is a question (`input_none`), or where a larger share of them than `maxBad` is bad (`input_mostly_bad`).
   */
  look(maxBad: number, mostQuestions?: number): Promise<void>;
  asked(): AsyncGenerator<Asked>;
  /** Throws a Failure (`input_none`) if everything was read and no line was a question. */
  assertRead(): void;
  /** `undefined` while everything could be read. */
  rejects(): Rejects | undefined;
  close(): Promise<void>;
}>;

/** So many bad lines are shown as they come; all of them are kept in the rejects file. */
const SHOWN = 10;

export type QuestionFileOptions = Readonly<{
  /** In the order in which they are read. */
  sources: readonly string[];
  input: InputOptions;
  /** Where the examples go: bad lines are kept beside them. */
  out: string;
  read?: QuestionReader | undefined;
}>;

/** Bad lines are shown, kept in `OUT.rejects.jsonl`, and passed over. */
export function questionFile(
  { sources, input, out, read }: QuestionFileOptions,
  display: Pick<Display, 'note'>,
): QuestionFile {
  const name = nameOfAll(sources);
  const rejects = new RejectsFile(rejectsPathOf(out));
  let [good, bad] = [0, 0];
  let first = '';

  const onEntry = async (entry: InputEntry) => {
    if (entry.kind === 'question') {
      good += 1;
      return;
    }
    bad += 1;
    const file = entry.file ?? name;
    await rejects.append(file, entry);
    const said = `${printable(file)}:${entry.line}: ${printable(entry.reason, 300)}`;
    if (bad === 1) first = said;
    if (bad <= SHOWN) display.note(said);
    if (bad === SHOWN + 1) display.note(`more bad lines: see ${rejects.path}`);
  };
  const entries = new Lookahead(readInputs(sources, input, read), onEntry);

  async function* asked(): AsyncGenerator<Asked> {
    for await (const entry of entries.entries()) if (entry.kind === 'question') yield entry;
  }

  const assertRead = () => {
    if (good > 0 || bad === 0) return;
    const none = bad === 1 ? 'the only line' : `none of the ${plural(bad, 'line')}`;
    throw unread('input_none', `${none} of ${name} could ${bad === 1 ? 'not ' : ''}be read as a question`);
  };
  const unread = (code: 'input_none' | 'input_mostly_bad', what: string) =>
    new Failure('fatal', code, `${what}. The first: ${first} (all: ${rejects.path})`);

  const look = async (maxBad: number, mostQuestions?: number) => {
    const seen = await entries.look(mostQuestions);
    await assertReadable(sources.slice(1), input);
    if (seen === 'all') assertRead();
    // What comes bit by bit is not judged by its first lines.
    if (seen === 'some' || bad <= maxBad * (good + bad)) return;
    const lines = `${count(bad)} of ${seen === 'all' ? '' : 'the first '}${count(good + bad)} lines of ${name}`;
    const more = `more than --max-bad ${count(maxBad * 100)}%, so nothing was asked`;
    throw unread('input_mostly_bad', `${lines} could not be read as questions, ${more}`);
  };

  return {
    name,
    look,
    asked,
    assertRead,
    rejects: () => (bad === 0 ? undefined : { count: bad, path: rejects.path, left: rejects.left }),
    close: async () => {
      await entries.close();
      await rejects.close();
    },
  };
}

function nameOfAll(sources: readonly string[]): string {
  const [first = '', ...more] = sources.map(nameOf);
  return more.length === 0 ? first : `${first} and ${plural(more.length, 'more file')}`;
}

/** Where the bad lines of an input are, and how many are nowhere. */
export function rejectsText({ count: bad, path, left }: Rejects): string {
  const lines = plural(bad - left, 'bad line');
  return `${lines} kept in ${path}${left === 0 ? '' : `, ${count(left)} more left out: it is full`}.`;
}
