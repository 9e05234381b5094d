import { Failure } from '../../streams/failure.ts';

/** What can be registered: it has a name, by which records, lanes and people call it. */
export type Part = Readonly<{ name: string }>;

/** Who brought a part: Millrace itself, or a plugin. */
export type PartSource = Readonly<{ name: string; version: string }>;

/** Our own parts. Their version is that of the package. */
const OWN: PartSource = { name: 'millrace', version: '' };

export type SlotOptions<P extends Part> = Readonly<{
  /** What a part of this kind is called in messages: `training type`. */
  noun: string;
  /** What a name of this kind looks like, and how to say so. Default: a-z, 0-9 and -, as in fact-check. */
  names?: Readonly<{ pattern: RegExp; expected: string }>;
  /** What is wrong with a part, as the end of "training type cards: …"; `undefined` where nothing is. */
  faultIn(part: unknown): string | undefined;
  /** What is wrong between all that would be registered then, and in which part; `undefined` where nothing is. */
  faultAmong?(parts: readonly P[]): Readonly<{ part: P; fault: string }> | undefined;
  /** The first parts, which are ours. */
  own: readonly P[];
}>;

const USUAL_NAMES = { pattern: /^[a-z0-9][a-z0-9-]{0,39}$/, expected: 'a-z, 0-9 and -, such as fact-check' };

/** Parts that were found fit, and are not registered yet. */
export type Fit = Readonly<{ put(): void; takeOut(): void }>;

/**
 * The registered parts of one kind, by name. Ours are the first, and come in by the same door as those of a plugin. Code that
 * needs a part looks it up here when it needs it, and never keeps a list of its own.
 */
export class Slot<P extends Part> {
  readonly noun: string;
  readonly #options: SlotOptions<P>;
  readonly #parts = new Map<string, P>();
  readonly #sources = new Map<string, PartSource>();
  readonly #names: string[] = [];

  constructor(options: SlotOptions<P>) {
    this.noun = options.noun;
    this.#options = options;
    this.fit(options.own, OWN).put();
  }

  /** What is registered now, in the order of registration. */
  get parts(): ReadonlyMap<string, P> {
    return this.#parts;
  }

  /** The names of what is registered now. The same list always: it grows with the slot. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Who brought the part; `undefined` where there is none of that name. */
  sourceOf(name: string): PartSource | undefined {
    return this.#sources.get(name);
  }

  /** Throws a fatal Failure with this code that lists the known names. */
  named(name: string, code: string): P {
    const part = this.#parts.get(name);
    if (part !== undefined) return part;
    const known = this.names.join(', ');
    throw new Failure('fatal', code, `Unknown ${this.noun} "${name}". Use one of: ${known}.`);
  }

  /**
   * Checks parts without registering any. Throws a Failure (`bad_plugin`) that names the plugin, what was expected and what to do.
   */
  fit(parts: readonly P[], source: PartSource): Fit {
    const taken = new Set(this.#parts.keys());
    for (const part of parts) {
      this.#assertFit(part, source, taken);
      taken.add(part.name);
    }
    const among = this.#options.faultAmong?.([...this.#parts.values(), ...parts]);
    if (among !== undefined) throw badPlugin(source, `the ${this.noun} ${among.part.name}: ${among.fault}`);
    return {
      put: () => {
        for (const part of parts) {
          this.#parts.set(part.name, part);
          this.#sources.set(part.name, source);
          this.#names.push(part.name);
        }
      },
      takeOut: () => {
        for (const { name } of parts) {
          this.#parts.delete(name);
          this.#sources.delete(name);
          this.#names.splice(this.#names.indexOf(name), 1);
        }
      },
    };
  }

  #assertFit(part: P, source: PartSource, taken: ReadonlySet<string>): void {
    const { noun } = this;
    const { pattern, expected } = this.#options.names ?? USUAL_NAMES;
    const name: unknown = part?.name;
    if (typeof name !== 'string' || !pattern.test(name))
      throw badPlugin(source, `a ${noun} has the name ${shown(name)}: expected ${expected}`);
    if (taken.has(name)) {
      const owner = this.#sources.get(name);
      const whose =
        owner === undefined ? 'it brings two of that name' : `${ownerText(owner)} has one of that name`;
      throw badPlugin(source, `the ${noun} ${name} cannot be registered: ${whose}. Give it another name`);
    }
    const fault = this.#options.faultIn(part);
    if (fault !== undefined) throw badPlugin(source, `the ${noun} ${name}: ${fault}`);
  }
}

/** A plugin that cannot be used, and why. Nothing of it is registered. */
export function badPlugin({ name, version }: PartSource, problem: string, cause?: unknown): Failure {
  const facts = cause === undefined ? {} : { cause };
  const message = `Plugin ${name}${version === '' ? '' : ` ${version}`}: ${problem}. Nothing of it is registered.`;
  return new Failure('fatal', 'bad_plugin', message, facts);
}

function ownerText({ name }: PartSource): string {
  return name === OWN.name ? 'Millrace itself' : `the plugin ${name}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : `of the kind ${typeof value}`;
}
