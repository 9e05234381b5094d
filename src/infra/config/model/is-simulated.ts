import { agentStages } from '../../../stages/stage-names.ts';
import { Failure } from '../../../streams/failure.ts';
import { providedModel } from '../../models/providers.ts';
import { environmentVariable } from '../environment-variable.ts';
import type { Settings } from '../settings.ts';
import { baseUrlOf, bringKeyOf, keyVariableOf, modelNameOf } from './agent-endpoint.ts';

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

/** Whether no agent has a server, a key or a provider of its own. */
export function hasNoServer(settings: Settings): boolean {
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
