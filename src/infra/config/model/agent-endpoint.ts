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
  return endpointWith({
    baseUrl: baseUrlOf(settings, stage),
    apiKeyVariable: keyVariableOf(settings, stage),
    bringKey: bringKeyOf(settings, stage),
    timeoutMs: settings.agents[stage]?.timeoutMs ?? settings.timeoutMs,
  });
}

/** Where embeddings are made, and with which key: the server of all agents, unless they name their own. */
export function embeddingEndpointOf(settings: Settings): LlmEndpoint {
  const { baseUrl, apiKeyVariable } = settings.embeddings ?? {};
  return endpointWith({
    baseUrl: baseUrl ?? settings.baseUrl ?? environmentVariable('OPENAI_BASE_URL'),
    apiKeyVariable: apiKeyVariable ?? settings.apiKeyVariable,
    bringKey: apiKeyVariable === undefined ? settings.apiKey : undefined,
    timeoutMs: settings.timeoutMs,
  });
}

type Meant = Readonly<{
  baseUrl: string | undefined;
  apiKeyVariable: string;
  bringKey: BringKey | undefined;
  timeoutMs: number;
}>;

/** With the key of the function where there is one, else with that of the variable. */
function endpointWith({ baseUrl = OPENAI_URL, apiKeyVariable, bringKey, timeoutMs }: Meant): LlmEndpoint {
  const place = { baseUrl, timeoutMs };
  if (bringKey !== undefined) return { ...place, apiKey: undefined, bringKey, apiKeyVariable: KEY_FUNCTION };
  return { ...place, apiKey: environmentVariable(apiKeyVariable), apiKeyVariable };
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
