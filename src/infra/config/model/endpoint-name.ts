import { type AgentStage, agentStages } from '../../../stages/stage-names.ts';
import {
  addressOf,
  admissionMarkOf,
  endpointNoticeOf,
  isSameAdmission,
} from '../../models/openai/endpoint.ts';
import { providedModel } from '../../models/providers.ts';
import type { Settings } from '../settings.ts';
import { baseUrlOf, endpointOf, keyVariableOf, modelNameOf, OPENAI_URL } from './agent-endpoint.ts';
import { isSimulated } from './is-simulated.ts';
import { modelSettingsOf } from './model-settings.ts';

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
  return [baseUrlOf(settings, stage) ?? OPENAI_URL, model, keyVariableOf(settings, stage)].join(' ');
}

/** What a person should know of the endpoints of the settings before they are asked. */
export function endpointNotices(settings: Settings): readonly string[] {
  if (isSimulated(settings)) return [];
  const usual = agentStages().filter((stage) => providedModel(modelNameOf(settings, stage)) === undefined);
  return [...new Set(usual.flatMap((stage) => endpointNoticeOf(endpointOf(settings, stage)) ?? []))];
}
