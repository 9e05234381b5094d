import type { ChatModel, ModelSettings } from '../../stages/agent/chat-model.ts';
import { ExtraBodies } from '../../stages/lanes/extra-bodies.ts';
import { type AgentStage, agentNamed, agentStages } from '../../stages/stage-names.ts';
import { Failure } from '../../streams/failure.ts';
import type { FixedLimits } from '../../streams/limits/rate/endpoint-rates.ts';
import {
  addressOf,
  admissionMarkOf,
  endpointNoticeOf,
  isSameAdmission,
  type LlmEndpoint,
  withKey,
} from '../models/openai/endpoint.ts';
import { type ModelContext, openSimulated, openUsual, providedModel } from '../models/providers.ts';
import { RoutedModel } from '../models/routed-model.ts';
import type { BringKey } from './agent-settings.ts';
import { environmentVariable } from './environment-variable.ts';
import type { Settings } from './settings.ts';

/** In the place of a variable, in messages. */
const KEY_FUNCTION = 'the function apiKey of the settings';
const OPENAI = 'https://api.openai.com/v1';
const NO_KEY =
  'There is no model to ask: set OPENAI_API_KEY, or --base-url for a server of your own, or rehearse with a simulated model: --simulate latency=300ms (MILLRACE_SIMULATE for every command of the rehearsal).';

/**
 * Whether a simulated model plays the agents: on request, or where no server was named and no key is at hand. On servers
 * that others share only on request: whoever asks there need not have the key that the workers have.
 */
export function isSimulated(settings: Settings): boolean {
  if (simulationIsAsked(settings)) return true;
  return settings.kafka === undefined && settings.mongo === undefined && hasNoServer(settings);
}

/** Whether somebody asked for a simulated model. */
export function simulationIsAsked({ dryRun, simulate }: Pick<Settings, 'dryRun' | 'simulate'>): boolean {
  return dryRun || simulate !== undefined;
}

/** Why a simulated model plays the agents, and what that means, for people. */
export function simulationText({ dryRun, simulate, apiKeyVariable }: Settings): string {
  const why = simulationIsAsked({ dryRun, simulate }) ? 'as you asked' : `${apiKeyVariable} is not set`;
  return `SIMULATED model (${why}): it invents answers at no cost. This makes no training data.`;
}

/**
 * Throws a fatal Failure `no_key` where a simulated model would play agents whose model is named: naming a model means wanting to ask it.
 * A server that is named by its address needs no key.
 */
export function assertAsksNamed(settings: Settings, named: string): void {
  if (simulationIsAsked(settings) || !isSimulated(settings)) return;
  const what = `Expected a key for ${named}, the model that is named: ${settings.apiKeyVariable} is not set.`;
  const todo = 'Set it, or baseUrl for a server that needs no key, or rehearse with dryRun: true.';
  throw new Failure('fatal', 'no_key', `${what} ${todo}`);
}

function hasNoServer(settings: Settings): boolean {
  const anyUrl = agentStages().some((stage) => baseUrlOf(settings, stage) !== undefined);
  const anyKey = agentStages().some(
    (stage) =>
      bringKeyOf(settings, stage) !== undefined ||
      environmentVariable(keyVariableOf(settings, stage)) !== undefined,
  );
  const anyProvider = agentStages().some(
    (stage) => providedModel(modelNameOf(settings, stage)) !== undefined,
  );
  return !anyUrl && !anyKey && !anyProvider;
}

/**
 * The model that the settings name. Throws Failures: `bad_setting` for a profile or an endpoint that cannot work, `no_key`
 * where there is nobody to ask.
 * @param as whom a simulated model plays beside itself: it answers otherwise then.
 */
export async function modelOf(settings: Settings, as = ''): Promise<ChatModel> {
  const context: ModelContext = {
    endpointOf: (stage) => endpointOf(settings, stage),
    keyOf: async (stage) => (await withKey(endpointOf(settings, agentNamed(stage) ?? 'research'))).apiKey,
    prices: settings.prices,
    simulate: settings.simulate ?? '',
    as,
  };
  if (isSimulated(settings)) return openSimulated(context);
  if (hasNoServer(settings)) throw new Failure('fatal', 'no_key', NO_KEY);
  const model = new RoutedModel(await openUsual(context), context, (stage) => {
    const agent = agentNamed(stage);
    return agent === undefined ? settings.model : modelNameOf(settings, agent);
  });
  await model.open();
  return model;
}

function modelNameOf(settings: Settings, stage: AgentStage): string {
  return settings.agents[stage]?.model ?? settings.model;
}

/** How an agent asks: its own settings before those of all agents. */
export function modelSettingsOf(settings: Settings, stage: AgentStage): ModelSettings {
  const own = settings.agents[stage] ?? {};
  const { temperature, seed, maxOutputTokens, extraBody } = { ...settings, ...own };
  const model = modelNameOf(settings, stage);
  if (isSimulated(settings)) return { model: 'simulated' };
  const { source: provider } = providedModel(model) ?? {};
  const by = provider === undefined ? {} : { provider };
  return { model, temperature, seed, maxOutputTokens, extraBody, ...by };
}

/** What a person should know of the endpoints of the settings before they are asked. */
export function endpointNotices(settings: Settings): readonly string[] {
  if (isSimulated(settings)) return [];
  const usual = agentStages().filter((stage) => providedModel(modelNameOf(settings, stage)) === undefined);
  return [...new Set(usual.flatMap((stage) => endpointNoticeOf(endpointOf(settings, stage)) ?? []))];
}

/** Every extra body that the settings hold, of whichever agent or judge. */
export function extraBodiesOf({ extraBody, agents, shadows }: Settings): ExtraBodies {
  const single = [...Object.values(agents), ...Object.values(shadows)];
  return new ExtraBodies([extraBody, ...single.map((each) => each?.extraBody)]);
}

/**
 * Names the endpoint of an agent, so that stages which share one share its circuit and its limits. Servers limit each
 * model and each key on its own, so an address with several of them is several endpoints. The name stands in logs, metrics
 * and stores: a log-in or a query of the base URL only gives it a mark, where another agent's differs in nothing else.
 */
export function endpointNameOf(settings: Settings, stage: AgentStage): string {
  if (isSimulated(settings)) return 'simulated';
  const provided = modelNameOf(settings, stage);
  if (providedModel(provided) !== undefined) return provided;
  const url = (of: AgentStage) => addressOf(endpointOf(settings, of));
  const user = (of: AgentStage) =>
    [modelSettingsOf(settings, of).model, keyVariableOf(settings, of)].join(', ');
  const atUrl = agentStages().filter((each) => url(each) === url(stage));
  const name = new Set(atUrl.map(user)).size === 1 ? url(stage) : `${url(stage)} (${user(stage)})`;
  const endpoint = endpointOf(settings, stage);
  const others = atUrl.filter((each) => user(each) === user(stage)).map((each) => endpointOf(settings, each));
  return others.some((each) => !isSameAdmission(each, endpoint))
    ? `${name} #${admissionMarkOf(endpoint)}`
    : name;
}

/** Tells endpoints apart, in whatever settings they are named: address, model and key. */
export function endpointKeyOf(settings: Settings, stage: AgentStage): string {
  if (isSimulated(settings)) return 'simulated';
  const { model } = modelSettingsOf(settings, stage);
  if (providedModel(model) !== undefined) return model;
  return [baseUrlOf(settings, stage) ?? OPENAI, model, keyVariableOf(settings, stage)].join(' ');
}

/** Limits that the settings set for the endpoint of an agent: its own before those of all. */
export function fixedLimitsOf(settings: Settings, stage: AgentStage): FixedLimits {
  const own = settings.agents[stage] ?? {};
  const requestsPerMinute = own.requestsPerMinute ?? settings.requestsPerMinute;
  const tokensPerMinute = own.tokensPerMinute ?? settings.tokensPerMinute;
  return {
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
  };
}

/** Where an agent asks, and with which key. */
export function endpointOf(settings: Settings, stage: AgentStage): LlmEndpoint {
  const apiKeyVariable = keyVariableOf(settings, stage);
  const baseUrl = baseUrlOf(settings, stage) ?? OPENAI;
  const timeoutMs = settings.agents[stage]?.timeoutMs ?? settings.timeoutMs;
  const bringKey = bringKeyOf(settings, stage);
  if (bringKey !== undefined)
    return { baseUrl, apiKey: undefined, bringKey, apiKeyVariable: KEY_FUNCTION, timeoutMs };
  return { baseUrl, apiKey: environmentVariable(apiKeyVariable), apiKeyVariable, timeoutMs };
}

/** Where embeddings are made, and with which key: the server of all agents, unless they name their own. */
export function embeddingEndpointOf(settings: Settings): LlmEndpoint {
  const { baseUrl, apiKeyVariable } = settings.embeddings ?? {};
  const at = baseUrl ?? settings.baseUrl ?? environmentVariable('OPENAI_BASE_URL') ?? OPENAI;
  const { timeoutMs, apiKey: bringKey } = settings;
  if (apiKeyVariable === undefined && bringKey !== undefined)
    return { baseUrl: at, apiKey: undefined, bringKey, apiKeyVariable: KEY_FUNCTION, timeoutMs };
  const variable = apiKeyVariable ?? settings.apiKeyVariable;
  return { baseUrl: at, apiKey: environmentVariable(variable), apiKeyVariable: variable, timeoutMs };
}

function baseUrlOf(settings: Settings, stage: AgentStage): string | undefined {
  return settings.agents[stage]?.baseUrl ?? settings.baseUrl ?? environmentVariable('OPENAI_BASE_URL');
}

function bringKeyOf(settings: Settings, stage: AgentStage): BringKey | undefined {
  const own = settings.agents[stage];
  // A variable that is named for one agent is meant before a function for all.
  return own?.apiKey ?? (own?.apiKeyVariable === undefined ? settings.apiKey : undefined);
}

function keyVariableOf(settings: Settings, stage: AgentStage): string {
  return settings.agents[stage]?.apiKeyVariable ?? settings.apiKeyVariable;
}
