import type { ScriptInput, Fault as Spoilt } from '../../support/llm/scripted-llm-script.ts';
import { until } from '../../support/until.ts';
import type { Trial } from '../trial.ts';
import { type Fault, lasting } from './fault.ts';

export type BadModelOptions = Readonly<{
  name: string;
  /** What the model server does meanwhile, and what afterwards. */
  script: ScriptInput;
  healthy: ScriptInput;
  /** Lasts until so many calls were spoilt in that way. */
  until?: Readonly<{ fault: Spoilt; calls: number }>;
  lastsMs?: number;
}>;

/** The model server misbehaves for a while. */
export class BadModel implements Fault {
  readonly name: string;
  readonly #options: BadModelOptions;

  constructor(options: BadModelOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async strike({ model }: Trial): Promise<void> {
    const { script, healthy, until: enough, lastsMs = 0 } = this.#options;
    const spoilt = async () => (enough === undefined ? 0 : ((await model.stats()).faults[enough.fault] ?? 0));
    const before = await spoilt();
    await model.setScript(script);
    if (enough !== undefined)
      await until(
        `${enough.calls} calls meet ${enough.fault}`,
        async () => (await spoilt()) >= before + enough.calls,
        120_000,
      );
    await lasting(lastsMs);
    await model.setScript(healthy);
  }
}
