import type { ChatModel, ChatReply, ChatRequest } from '../../stages/agent/chat-model.ts';
import { type PartSource, Slot } from '../../stages/registry/slot.ts';
import { type AgentStage, agentStages } from '../../stages/stage-names.ts';
import type { LlmEndpoint } from './openai/endpoint.ts';
import type { PriceTable } from './prices.ts';

/** What a provider is told when it is opened. */
export type ModelContext = Readonly<{
  /** Where an agent asks, as the settings have it. The base URL is that of OpenAI where none is set. */
  endpointOf(stage: AgentStage): LlmEndpoint;
  /** The key of an agent: what the function `apiKey` brings, else the variable. `undefined` where there is none. */
  keyOf(stage: string): Promise<string | undefined>;
  /** The prices of the settings, by model. */
  prices: PriceTable;
  /** How the simulated model is to behave. */
  simulate: string;
  /** As whom a simulated model plays beside itself: it answers otherwise then. */
  as: string;
}>;

/** What a model answered. What is left out is nothing: no reasoning, an answer that was not cut, a price that is not known. */
export type ProvidedReply = Readonly<Pick<ChatReply, 'text'> & Partial<ChatReply>>;

/** A model as its provider opens it. */
export type ProvidedModel = Readonly<{
  /** Where it lives, for people. */
  address?: string;
  addressOf?(stage: string): string;
  simulated?: boolean;
  longestAnswer?: ((model: string) => number | undefined) | undefined;
  /**
   * One call, no retries. `settings.model` is the name without the prefix. Rejects with a Failure, or with any error, which counts
   * as one that may pass.
   */
  complete(request: ChatRequest, signal: AbortSignal): Promise<ProvidedReply>;
}>;

export type OpenModel = (context: ModelContext) => ProvidedModel | Promise<ProvidedModel>;

/** Who opens models. A model of a plugin's provider is named by prefix: `mine:large`. */
export type ModelProvider = Readonly<{ name: string; open: OpenModel }>;

/** The model behind any server that speaks the API of OpenAI. */
export async function openUsual({ endpointOf, prices }: ModelContext): Promise<ChatModel> {
  // Its libraries take a tenth of a second to load, and most commands call nobody.
  const { openAiModel } = await import('./openai/model.ts');
  const stageEndpoints = Object.fromEntries(agentStages().map((stage) => [stage, endpointOf(stage)]));
  return openAiModel({ endpoint: endpointOf('research'), stageEndpoints, prices });
}

/** The model that invents its answers. Rejects with a Failure (`bad_setting`) for a profile that cannot be read. */
export async function openSimulated({ simulate, as }: ModelContext): Promise<ChatModel> {
  const { simulatedAs } = await import('./simulated/model.ts');
  return simulatedAs(simulate, as);
}

const OWN_PROVIDERS: readonly ModelProvider[] = [
  { name: 'openai', open: openUsual },
  { name: 'simulated', open: openSimulated },
];

/** Where model providers are registered. Ours are not named by prefix: `qwen3:8b` is a model's name. */
export const modelProviderSlot = new Slot<ModelProvider>({
  noun: 'model provider',
  faultIn: (provider) =>
    typeof Object(provider).open === 'function' ? undefined : 'expected a function that opens the model',
  own: OWN_PROVIDERS,
});

/** A model that a plugin's provider has. */
export type NamedByPrefix = Readonly<{ provider: ModelProvider; model: string; source: PartSource }>;

/** What the prefix of a model's name says; `undefined` unless a plugin registered a provider of that name. */
export function providedModel(name: string): NamedByPrefix | undefined {
  const [, prefix = '', model = ''] = /^([^:]+):(.+)$/s.exec(name) ?? [];
  const provider = modelProviderSlot.parts.get(prefix);
  const source = modelProviderSlot.sourceOf(prefix);
  if (provider === undefined || source === undefined || OWN_PROVIDERS.includes(provider)) return undefined;
  return { provider, model, source };
}
