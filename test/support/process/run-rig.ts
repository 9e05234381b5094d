import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedFacts } from '../invariants/embedded-facts.ts';
import { startLlm, startLlmProcess, type TestLlm } from '../llm/scripted-llm-process.ts';
import type { ScriptInput } from '../llm/scripted-llm-script.ts';
import { writeQuestions } from '../run/question-files.ts';
import { waitingAnswers } from '../stage/waiting-answers.ts';
import { tempDir } from '../temp-dir.ts';
import { type Child, type ChildOptions, startNode } from './child.ts';
import { type Ended, ended, MAIN } from './millrace.ts';

export type RigOptions = Readonly<{
  questions: number;
  script?: ScriptInput;
  /** Flags of every run. */
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Gives the model server a process of its own. */
  ownServer?: boolean;
}>;

/** A directory with questions, a model server that outlives every run, and `millrace run` on the two. */
export class RunRig {
  readonly dir: string;
  readonly data: string;
  readonly file: string;
  readonly server: TestLlm;
  readonly #options: RigOptions;

  private constructor(dir: string, file: string, server: TestLlm, options: RigOptions) {
    this.dir = dir;
    this.data = join(dir, 'data');
    this.file = file;
    this.server = server;
    this.#options = options;
  }

  static async open(options: RigOptions): Promise<RunRig> {
    const dir = await tempDir();
    const server = await (options.ownServer === true ? startLlmProcess : startLlm)(options.script);
    return new RunRig(dir, await writeQuestions(dir, options.questions), server, options);
  }

  /** The arguments of `millrace run` on the rig's file, directory and server. */
  args(...more: readonly string[]): readonly string[] {
    const { flags = ['--quiet'] } = this.#options;
    const where = [
      '--base-url',
      this.server.url,
      '--data',
      this.data,
      '--out',
      join(this.dir, 'dataset.jsonl'),
    ];
    return ['run', this.file, ...where, ...flags, ...more];
  }

  start(...more: readonly string[]): Child {
    return this.startNode(MAIN, ...this.args(...more));
  }

  run(...more: readonly string[]): Promise<Ended> {
    return ended(this.start(...more));
  }

  startNode(...args: readonly string[]): Child {
    const options: ChildOptions = { cwd: this.dir, env: { ...this.#options.env } };
    return startNode(args, options);
  }

  /** Any other command on the rig's data. */
  command(name: string, ...args: readonly string[]): Promise<Ended> {
    return ended(this.startNode(MAIN, name, ...args, '--data', this.data));
  }

  /** Finished works that the store holds, and all calls that the data directory knows of: those in its journal too. */
  async kept(): Promise<Readonly<{ done: number; calls: number }>> {
    const { done, failedAttempts } = (await embeddedFacts(this.data, 'millrace')).tally;
    return { done, calls: done + failedAttempts + waitingAnswers(this.data, 'millrace').length };
  }

  dataset(): Promise<string[]> {
    return this.lines('dataset.jsonl');
  }

  /** The lines of a file in the rig's directory. */
  async lines(name: string): Promise<string[]> {
    const text = await readFile(join(this.dir, name), 'utf8');
    return text.split('\n').filter((line) => line !== '');
  }
}
