import { Failure } from '../../streams/failure.ts';
import type { AskedParts } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';

/** How servers refuse what they do not know: by status, each in its own words, so no text is read. */
const REFUSED: ReadonlySet<string> = new Set([
  'request_rejected',
  'prompt_rejected',
  'bad_setting',
  'unknown_model',
]);
const BROKEN = 'server_error';
/** Works in a row that a model answered without a call, before somebody is told. */
const ENOUGH_UNUSED = 5;
/** A server that breaks at tools, and not by chance. */
const ENOUGH_BROKEN = 2;

/** Who hears of what models do with tools, once of each model. */
export type ToolsTold = Readonly<{
  /** It cannot call any. */
  onUnable?: ((model: string) => void) | undefined;
  /** It answered five works in a row and called none. */
  onUnused?: ((model: string) => void) | undefined;
}>;

type Asked = Readonly<{ model: ChatModel; asked: AskedParts }>;

/**
 * Which models call tools, as far as this process has seen. A first turn with tools that is refused is asked again without: if that is
 * answered, the answer counts, and the model of that endpoint is taken for unable until the process ends.
 */
export class ToolSupport {
  readonly #unable = new Set<string>();
  readonly #able = new Set<string>();
  readonly #broken = new Map<string, number>();
  readonly #unused = new Map<string, number>();
  readonly #told: ToolsTold;

  constructor(told: ToolsTold = {}) {
    this.#told = told;
  }

  isUnable(model: ChatModel, asked: AskedParts): boolean {
    return this.#unable.has(nameOf({ model, asked }));
  }

  /** What came of the first turn, and whether it was asked plainly. Rejects as `withTools` does where `plainly` fails too. */
  async firstOf<Came>(
    of: Asked,
    withTools: () => Promise<Came>,
    plainly: () => Promise<Came>,
  ): Promise<Came & Readonly<{ plainly: boolean }>> {
    const name = nameOf(of);
    try {
      const came = await withTools();
      this.#able.add(name);
      return { ...came, plainly: false };
    } catch (error) {
      if (!(error instanceof Failure) || this.#able.has(name) || !this.#mayBeTools(name, error)) throw error;
      const came = await plainly().catch(() => {
        throw error;
      });
      if (!this.#unable.has(name)) this.#told.onUnable?.(of.asked.recipe.settings.model);
      this.#unable.add(name);
      return { ...came, plainly: true };
    }
  }

  /** A work was answered that was asked with tools. */
  answered(of: Asked, hasCalled: boolean): void {
    const name = nameOf(of);
    const row = hasCalled ? 0 : (this.#unused.get(name) ?? 0) + 1;
    // It is told of once: what came after has no row any more.
    if (row === ENOUGH_UNUSED) this.#told.onUnused?.(of.asked.recipe.settings.model);
    this.#unused.set(name, row === ENOUGH_UNUSED ? Number.NEGATIVE_INFINITY : row);
  }

  #mayBeTools(name: string, { code }: Failure): boolean {
    if (REFUSED.has(code)) return true;
    if (code !== BROKEN) return false;
    const times = (this.#broken.get(name) ?? 0) + 1;
    this.#broken.set(name, times);
    return times >= ENOUGH_BROKEN;
  }
}

function nameOf({ model, asked }: Asked): string {
  const { stage, recipe, override } = asked;
  const named = override?.model ?? recipe.settings.model;
  return `${model.addressOf?.(stage) ?? model.address} ${named}`;
}
