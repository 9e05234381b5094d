import { endpointOf } from '../../../infra/config/model/agent-endpoint.ts';
import { modelSettingsOf } from '../../../infra/config/model/model-settings.ts';
import { addressOf } from '../../../infra/models/openai/endpoint.ts';
import { listModels } from '../../../infra/models/openai/list-models.ts';
import { type AgentStage, agentStages } from '../../../stages/stage-names.ts';
import { type Check, type CheckContext, failed, ok, warning } from './check.ts';

/** The model servers: there, the key accepted, the models known. No call is paid. */
export const modelServer: Check = {
  name: 'model server',
  look: async (context) => {
    if (context.simulated)
      return warning(
        'a simulated model plays the agents',
        'set OPENAI_API_KEY, or --base-url for a server of your own',
      );
    const { settings } = context;
    const asksServer = (stage: AgentStage) => modelSettingsOf(settings, stage).provider === undefined;
    const servers = Map.groupBy(agentStages().filter(asksServer), (stage) => {
      const { baseUrl, apiKeyVariable } = endpointOf(context.settings, stage);
      return `${baseUrl} ${apiKeyVariable}`;
    });
    const looks = [...servers.values()].map((stages) => lookAt(stages, context));
    return (await Promise.all(looks)).flat();
  },
};

async function lookAt(stages: readonly AgentStage[], { settings }: CheckContext) {
  const [first = 'research'] = stages;
  const endpoint = endpointOf(settings, first);
  const answer = await listModels(endpoint);
  const address = addressOf(endpoint);
  switch (answer.kind) {
    case 'unreachable':
      return failed(
        `nothing answers at ${address}: ${answer.reason}`,
        'start the server, or mend --base-url',
      );
    case 'refused':
      return failed(
        `${address} refuses the key in ${endpoint.apiKeyVariable} (${answer.status})`,
        `set ${endpoint.apiKeyVariable} to a valid key`,
      );
    case 'unlisted':
      return warning(
        `${address} answers, but lists no models (${answer.status}): key and model cannot be checked without a paid call`,
        'try it: millrace run FILE --max-questions 1',
      );
    case 'listed': {
      const wanted = [...new Set(stages.map((stage) => modelSettingsOf(settings, stage).model))];
      const unknown = wanted.filter((model) => !answer.models.has(model));
      if (unknown.length === 0) return ok(`${address} knows ${wanted.join(', ')}`);
      const some = [...answer.models].slice(0, 5).join(', ');
      return failed(
        `${address} does not list ${unknown.join(', ')}`,
        `name one that it has, such as ${some}`,
      );
    }
    default:
      return answer satisfies never;
  }
}
