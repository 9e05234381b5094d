import { z } from 'zod';
import type { ChatModel, ChatReply, ChatRequest } from '../../stages/agent/chat-model.ts';
import { badPlugin, type PartSource } from '../../stages/registry/slot.ts';
import { agentStages } from '../../stages/stage-names.ts';
import { toolCallSchema } from '../../stages/tools/step-body.ts';
import { errorText, Failure, NO_USAGE } from '../../streams/failure.ts';
import { abortedFailure } from './aborted-failure.ts';
import { callCostOf, type PriceTable, pricesWith } from './prices.ts';
import { type ModelContext, type NamedByPrefix, type ProvidedModel, providedModel } from './providers.ts';

const count = z.number().int().nonnegative();
const replySchema = z.object({
  text: z.string(),
  reasoning: z.string().default(''),
  finishReason: z.string().default('stop'),
  refusal: z.string().nullable().default(null),
  model: z.string().optional(),
  usage: z
    .object({ input: count, output: count, cached: count, reasoning: count, cacheWrites: count.optional() })
    .default({ ...NO_USAGE }),
  costUsd: z.number().nonnegative().nullable().optional(),
  calls: z.array(toolCallSchema).optional(),
  message: z.unknown().optional(),
});

/** The models of a run: those with a registered prefix are asked of their provider, all others of the usual one. */
export class RoutedModel implements ChatModel {
  readonly simulated = false;
  readonly #usual: ChatModel;
  readonly #context: ModelContext;
  readonly #modelOf: (stage: string) => string;
  readonly #prices: PriceTable;
  readonly #opening = new Map<string, Promise<ProvidedModel>>();
  readonly #opened = new Map<string, ProvidedModel>();

  /** @param modelOf the model that an agent asks by the settings. */
  constructor(usual: ChatModel, context: ModelContext, modelOf: (stage: string) => string) {
    this.#usual = usual;
    this.#context = context;
    this.#modelOf = modelOf;
    this.#prices = pricesWith(context.prices);
  }

  get address(): string {
    return [...new Set(agentStages().map((stage) => this.addressOf(stage)))].join(', ');
  }

  addressOf(stage: string): string {
    const named = providedModel(this.#modelOf(stage));
    if (named === undefined) return this.#usual.addressOf?.(stage) ?? this.#usual.address;
    const model = this.#opened.get(named.provider.name);
    return model?.addressOf?.(stage) ?? model?.address ?? named.provider.name;
  }

  longestAnswer(model: string): number | undefined {
    const named = providedModel(model);
    if (named === undefined) return this.#usual.longestAnswer?.(model);
    return this.#opened.get(named.provider.name)?.longestAnswer?.(named.model);
  }

  /** Opens the providers that the settings name. Rejects with a Failure (`bad_plugin`) of one that cannot be opened. */
  async open(): Promise<void> {
    for (const stage of agentStages()) {
      const named = providedModel(this.#modelOf(stage));
      if (named !== undefined) await this.#openOnce(named);
    }
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    const named = providedModel(request.settings.model);
    if (named === undefined) return this.#usual.complete(request, signal);
    const model = await this.#openOnce(named);
    const asked = { ...request, settings: { ...request.settings, model: named.model } };
    const reply = await model.complete(asked, signal).catch((error: unknown) => {
      throw signal.aborted ? abortedFailure() : failureOf(error, named);
    });
    return this.#checked(reply, named, request.settings.model);
  }

  #openOnce(named: NamedByPrefix): Promise<ProvidedModel> {
    const { name } = named.provider;
    const opening = this.#opening.get(name) ?? this.#open(named);
    this.#opening.set(name, opening);
    return opening;
  }

  async #open({ provider, source }: NamedByPrefix): Promise<ProvidedModel> {
    const what = `the model provider ${provider.name}`;
    const model: unknown = await Promise.resolve()
      .then(() => provider.open(this.#context))
      .catch((error: unknown) => {
        if (error instanceof Failure) throw error;
        throw badPlugin(source, `${what} could not open its model: ${errorText(error)}`, error);
      });
    assertUsable(model, what, source);
    this.#opened.set(provider.name, model);
    return model;
  }

  #checked(reply: unknown, { provider, source }: NamedByPrefix, name: string): ChatReply {
    const { data, error } = replySchema.safeParse(reply);
    if (data === undefined)
      throw badPlugin(
        source,
        `the model provider ${provider.name} answered with no reply:\n${z.prettifyError(error)}`,
      );
    const costUsd = data.costUsd ?? callCostOf(this.#prices, name, data.usage);
    return { ...data, model: data.model ?? name, costUsd };
  }
}

function isProvided(model: unknown): model is ProvidedModel {
  return (
    typeof model === 'object' && model !== null && 'complete' in model && typeof model.complete === 'function'
  );
}

/** What nobody classified may pass: the network of a provider, most of the time. */
function failureOf(error: unknown, { provider }: NamedByPrefix): Failure {
  if (error instanceof Failure) return error;
  const message = `The model provider ${provider.name} failed: ${errorText(error)}`;
  return new Failure('transient', 'provider_failed', message, { cause: error });
}

function assertUsable(model: unknown, what: string, source: PartSource): asserts model is ProvidedModel {
  if (!isProvided(model))
    throw badPlugin(source, `${what}: expected open to give an object with complete(request, signal)`);
  const rehearse = 'rehearse with --simulate, which has data of its own';
  // What it made would stand among paid answers.
  if (model.simulated === true) throw badPlugin(source, `${what} opens a simulated model: ${rehearse}`);
}
