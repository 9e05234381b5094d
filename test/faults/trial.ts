import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { seededRandom } from '../../src/infra/models/random.ts';
import { TcpProxy } from '../support/fakes/tcp-proxy.ts';
import { answersKept } from '../support/invariants/steps.ts';
import { violationsAtWork, violationsIn } from '../support/invariants.ts';
import { startLlmProcess, type TestLlm } from '../support/llm/scripted-llm-process.ts';
import type { ScriptInput } from '../support/llm/scripted-llm-script.ts';
import { arrivalsIn, paidAgain } from '../support/process/arrivals.ts';
import { MARK_ARRIVALS, millrace } from '../support/process/millrace.ts';
import { writeQuestions } from '../support/run/question-files.ts';
import { tempDir } from '../support/temp-dir.ts';
import { until } from '../support/until.ts';
import type { Engine, Progress } from './engines/engine.ts';
import { Fleet } from './fleet.ts';
import { keepLogs } from './keep-logs.ts';
import type { LinkName } from './links.ts';
import type { Row } from './table.ts';

/** Far more than anything takes on a busy machine of two cores. */
const LONG_MS = 300_000;

export type TrialOptions = Readonly<{
  name: string;
  engine: Engine;
  questions: number;
  seed: number;
  /** Calls at once, per agent and worker. */
  batch?: number;
  script?: ScriptInput;
  env?: Readonly<Record<string, string>>;
  /** Ways to the engine's servers that can be made bad. */
  links?: Partial<Record<'kafka' | 'mongo', TcpProxy>>;
  /** Makes no topics and asks nothing yet. */
  bare?: boolean;
}>;

/** Questions on their way through workers on an engine, which are about to be treated badly, and what is told of it afterwards. */
export class Trial {
  readonly name: string;
  readonly engine: Engine;
  readonly model: TestLlm;
  readonly fleet: Fleet;
  readonly random: () => number;
  /** The most calls that one worker has in flight. */
  readonly callsAtOnce: number;
  readonly #links: Partial<Record<LinkName, TcpProxy>>;
  readonly #directory: string;
  readonly #env: Readonly<Record<string, string>>;
  #questions = 0;
  #strangers = 0;
  #mayRepeat = 0;
  #unseen = false;
  #recoverSeconds = 0;

  private constructor(options: TrialOptions, directory: string, model: TestLlm, modelLink: TcpProxy) {
    const { name, engine, seed, batch = 4, env = {} } = options;
    this.name = name;
    this.engine = engine;
    this.model = model;
    this.random = seededRandom(seed);
    this.callsAtOnce = 3 * batch;
    this.#directory = directory;
    // Without a model's address a command would look after the simulated questions.
    this.#env = { OPENAI_BASE_URL: `http://127.0.0.1:${modelLink.port}/v1`, ...env };
    this.#links = { ...options.links, model: modelLink };
    const flags = [...engine.flags, '--batch-size', String(batch), '--port', '0'];
    this.fleet = new Fleet({ directory, flags, env: this.#env, script: this.scriptDyingAt(0) });
  }

  /** With the questions asked and no worker at work yet. */
  static async open(options: TrialOptions): Promise<Trial> {
    const directory = await tempDir();
    const model = await startLlmProcess(options.script);
    const modelLink = await TcpProxy.openForTest(Number(new URL(model.url).port));
    const trial = new Trial(options, directory, model, modelLink);
    onTestFinished(async ({ task }) => {
      if (task.result?.state !== 'fail') return;
      const why = task.result.errors?.map(({ message }) => message).join('\n') ?? '';
      await keepLogs(options.name, options.seed, directory, `${why}\n${trial.fleet.said()}`);
    });
    if (options.bare === true) return trial;
    await trial.command('topics', 'create');
    await trial.ask(options.questions);
    return trial;
  }

  /** `millrace NAME …` on the trial's engine, from start to a good end. */
  async command(...args: readonly string[]): Promise<string> {
    const ended = await millrace([...args, ...this.engine.flags], { cwd: this.#directory, env: this.#env });
    expect(ended.code, `millrace ${args.join(' ')}: ${ended.stderr}`).toBe(0);
    return ended.stdout;
  }

  /** Asks so many more questions. */
  async ask(more: number): Promise<void> {
    const from = this.#questions;
    this.#questions += more;
    await this.command('ingest', await writeQuestions(this.#directory, this.#questions, from));
  }

  /** A worker that marks what arrives, and kills itself at the arrival of that number; 0 for never. */
  scriptDyingAt(arrival: number): readonly string[] {
    return [MARK_ARRIVALS, this.#marks, String(arrival), 'journal'];
  }

  /** What has arrived at workers: answers by their work, paid searches by the URL of their first result. */
  arrivals(): readonly string[] {
    return arrivalsIn(this.#marks);
  }

  /** What arrived a second time. */
  cameTwice(): readonly string[] {
    return paidAgain(this.arrivals());
  }

  get #marks(): string {
    return join(this.#directory, 'arrivals');
  }

  /** Questions that another client put in. */
  expectStrangers(count: number): void {
    this.#strangers += count;
  }

  /** A fault that cuts calls off says how many of them may have to be made again. */
  allowRepeats(calls: number): void {
    this.#mayRepeat += calls;
  }

  /** Questions that have to reach an end. */
  get expected(): number {
    return this.#questions + this.#strangers;
  }

  link(name: LinkName): TcpProxy {
    const link = this.#links[name];
    if (link === undefined) throw new Error(`there is no proxy on the way to ${name}`);
    return link;
  }

  /** Calls may fail from now on before the model server counts them. */
  allowUnseen(): void {
    this.#unseen = true;
  }

  /** As many workers as the engine takes. */
  async startWorkers(count = this.engine.workers): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.fleet.startAtWork()));
  }

  /** The engine's progress; `undefined` while it cannot be asked. */
  async look(): Promise<Progress | undefined> {
    return this.engine.progress().catch(() => undefined);
  }

  /** Waits until so many more works are stored, or nothing is left to do. */
  async untilDone(more: number): Promise<void> {
    const before = await until('the engine answers', () => this.look(), LONG_MS);
    await until(
      `${more} more works are stored`,
      async () => {
        const now = await this.look();
        return now !== undefined && (now.done >= before.done + more || now.ended >= this.expected);
      },
      LONG_MS,
    );
  }

  /** Called when a fault is over: how long until work goes on. */
  async untilRecovered(): Promise<void> {
    const sinceMs = performance.now();
    await this.untilDone(1);
    this.#recoverSeconds = Math.max(this.#recoverSeconds, (performance.now() - sinceMs) / 1_000);
  }

  /** What can be judged while stages are at work. */
  async expectKeptAtWork(): Promise<void> {
    const found = violationsAtWork(await this.engine.facts());
    expect(found.join('\n'), `while at work: ${this.name}`).toBe('');
  }

  /** Waits for the end of every question, stops the workers, and has the checker look. */
  async judge(): Promise<Row> {
    await until(
      `all ${this.expected} questions reach an end`,
      async () => ((await this.look())?.ended ?? 0) >= this.expected,
      2 * LONG_MS,
    );
    await until('every stage has read its topic to the end', () => this.#noLag(), LONG_MS).catch(
      async (error: unknown) => {
        throw new Error(`${String(error)} Lags: ${await this.engine.lags()}`);
      },
    );
    expect(this.fleet.deserted, 'workers that ended by themselves').toEqual([]);
    const codes = await this.fleet.endAll();
    expect(new Set(codes), 'exit codes of SIGTERM').toEqual(new Set(codes.length > 0 ? [0] : []));
    return this.#judged();
  }

  async #noLag(): Promise<boolean> {
    return (await this.engine.lags().catch(() => 'unknown')) === '';
  }

  async #judged(): Promise<Row> {
    const { started } = await this.model.quietStats();
    const facts = await this.engine.facts();
    const kept = answersKept(facts) + facts.tally.failedAttempts;
    const calls = { started: this.#unseen ? Math.max(started, kept) : started, lostToKills: this.#mayRepeat };
    expect(violationsIn(facts, { calls }).join('\n'), this.name).toBe('');
    expect(facts.questions, `questions of ${this.name}`).toHaveLength(this.expected);
    return {
      name: this.name,
      engine: this.engine.name,
      questions: this.expected,
      started,
      repeated: calls.started - kept,
      cameTwice: this.cameTwice().length,
      dead: facts.deadLetters.length,
      lost: this.expected - facts.questions.length,
      duplicates: 0,
      recoverSeconds: this.#recoverSeconds,
    };
  }
}
