import type { ModelSettings } from '../../../stages/agent/chat-model.ts';
import { ExtraBodies } from '../../../stages/lanes/extra-bodies.ts';
import type { AgentStage } from '../../../stages/stage-names.ts';
import type { FixedLimits } from '../../../streams/limits/rate/endpoint-rates.ts';
import { providedModel } from '../../models/providers.ts';
import type { Settings } from '../settings.ts';
import { modelNameOf } from './agent-endpoint.ts';
import { isSimulated } from './is-simulated.ts';

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

/** Calls at once of an agent. */
export function batchSizeOf({ batchSize, concurrency }: Settings, stage: AgentStage): number {
  return concurrency[stage] ?? batchSize;
}

/** Every extra body that the settings hold, of whichever agent or judge. */
export function extraBodiesOf({ extraBody, agents, shadows }: Settings): ExtraBodies {
  const single = [...Object.values(agents), ...Object.values(shadows)];
  return new ExtraBodies([extraBody, ...single.map((each) => each?.extraBody)]);
}
