import { expect } from 'vitest';
import { programOf } from '../../support/process/millrace.ts';
import { within } from '../../support/within.ts';
import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

const FAIL_POINT = programOf('fail-point');

/** A lone worker that is killed at its first publish to a topic: before it is written, or as soon as it is durable. */
export class KillAtPublish implements Fault {
  readonly name: string;
  readonly #topic: string;
  readonly #moment: 'before' | 'after';

  constructor(topic: string, moment: 'before' | 'after') {
    this.name = `kill ${moment} the publish to ${topic}`;
    this.#topic = topic;
    this.#moment = moment;
  }

  async strike({ fleet, engine }: Trial): Promise<void> {
    const worker = fleet.start({ script: [FAIL_POINT, `${engine.namespace}.${this.#topic}`, this.#moment] });
    fleet.dismiss(worker);
    const end = await within(
      `the worker that is killed ${this.#moment} ${this.#topic}`,
      worker.exited,
      180_000,
    );
    expect(end, worker.stderr()).toEqual({ code: null, signal: 'SIGKILL' });
  }
}
