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
/** A server that breaks at tools, and not by chance. */
const ENOUGH_BROKEN = 2;

type Asked = Readonly<{ model: ChatModel; asked: AskedParts }>;

/**
 * Which models call tools, as far as this process has seen. A first turn with tools that is refused is asked again without: if that is
 * answered, the answer counts, and the model of that endpoint is taken for unable until the process ends.
 */
export class ToolSupport {
  readonly #unable = new Set<string>();
  readonly #able = new Set<string>();
  readonly #broken = new Map<string, number>();
  readonly #onUnable: (model: string) => void;

  /** @param onUnable hears of each model once. */
  constructor(onUnable: (model: string) => void = () => undefined) {
    this.#onUnable = onUnable;
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
      if (!this.#unable.has(name)) this.#onUnable(of.asked.recipe.settings.model);
      this.#unable.add(name);
      return { ...came, plainly: true };
    }
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
