import type { ChatModel } from '../../../stages/agent/chat-model.ts';
import { agentNamed } from '../../../stages/stage-names.ts';
import { Failure } from '../../../streams/failure.ts';
import { withKey } from '../../models/openai/endpoint.ts';
import { type ModelContext, openSimulated, openUsual } from '../../models/providers.ts';
import { RoutedModel } from '../../models/routed-model.ts';
import type { Settings } from '../settings.ts';
import { endpointOf, modelNameOf } from './agent-endpoint.ts';
import { hasNoServer, isSimulated } from './is-simulated.ts';

const NO_KEY =
  'There is no model to ask: set OPENAI_API_KEY, or --base-url for a server of your own, or rehearse with a simulated model: --simulate latency=300ms (MILLRACE_SIMULATE for every command of the rehearsal).';

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
