import type { AgentStage } from '../../../stages/stage-names.ts';
import type { LlmEndpoint } from '../../models/openai/endpoint.ts';
import type { BringKey } from '../agent-settings.ts';
import { environmentVariable } from '../environment-variable.ts';
import type { Settings } from '../settings.ts';

/** In the place of a variable, in messages. */
const KEY_FUNCTION = 'the function apiKey of the settings';
/** The base URL where none is named. */
export const OPENAI_URL = 'https://api.openai.com/v1';

/** Where an agent asks, and with which key. */
export function endpointOf(settings: Settings, stage: AgentStage): LlmEndpoint {
  const apiKeyVariable = keyVariableOf(settings, stage);
  const baseUrl = baseUrlOf(settings, stage) ?? OPENAI_URL;
  const timeoutMs = settings.agents[stage]?.timeoutMs ?? settings.timeoutMs;
  const bringKey = bringKeyOf(settings, stage);
  if (bringKey !== undefined)
    return { baseUrl, apiKey: undefined, bringKey, apiKeyVariable: KEY_FUNCTION, timeoutMs };
  return { baseUrl, apiKey: environmentVariable(apiKeyVariable), apiKeyVariable, timeoutMs };
}

/** Where embeddings are made, and with which key: the server of all agents, unless they name their own. */
export function embeddingEndpointOf(settings: Settings): LlmEndpoint {
  const { baseUrl, apiKeyVariable } = settings.embeddings ?? {};
  const at = baseUrl ?? settings.baseUrl ?? environmentVariable('OPENAI_BASE_URL') ?? OPENAI_URL;
  const { timeoutMs, apiKey: bringKey } = settings;
  if (apiKeyVariable === undefined && bringKey !== undefined)
    return { baseUrl: at, apiKey: undefined, bringKey, apiKeyVariable: KEY_FUNCTION, timeoutMs };
  const variable = apiKeyVariable ?? settings.apiKeyVariable;
  return { baseUrl: at, apiKey: environmentVariable(variable), apiKeyVariable: variable, timeoutMs };
}

/** The name of the model that an agent asks. */
export function modelNameOf(settings: Settings, stage: AgentStage): string {
  return settings.agents[stage]?.model ?? settings.model;
}

/** The base URL that an agent is told to ask at. */
export function baseUrlOf(settings: Settings, stage: AgentStage): string | undefined {
  return settings.agents[stage]?.baseUrl ?? settings.baseUrl ?? environmentVariable('OPENAI_BASE_URL');
}

/** The variable that holds the key of an agent. */
export function keyVariableOf(settings: Settings, stage: AgentStage): string {
  return settings.agents[stage]?.apiKeyVariable ?? settings.apiKeyVariable;
}

/** The function that brings the key of an agent, where one is meant. */
export function bringKeyOf(settings: Settings, stage: AgentStage): BringKey | undefined {
  const own = settings.agents[stage];
  // A variable that is named for one agent is meant before a function for all.
  return own?.apiKey ?? (own?.apiKeyVariable === undefined ? settings.apiKey : undefined);
}
