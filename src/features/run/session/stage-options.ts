import { extraBodiesOf } from '../../../infra/config/model/model-settings.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import type { Engine } from '../../../infra/engines/engine.ts';
import { missingPartsIn } from '../../../infra/plugins/missing-parts.ts';
import type { ChatModel } from '../../../stages/agent/chat-model.ts';
import type { StageOptions } from '../../../stages/pipeline.ts';

type Parts = Pick<
  StageOptions,
  'namespace' | 'endpointOf' | 'budget' | 'unsaved' | 'stop' | 'onEvent' | 'tools' | 'toolsTold'
> &
  Readonly<{ settings: Settings; engine: Engine; model: ChatModel }>;

/** What stages work with, as the settings have it; traced where a collector is set. */
export function stageOptions({ settings, engine, model, ...parts }: Parts): StageOptions {
  const { namespace, endpointOf, budget, unsaved, stop, onEvent, tools = [], toolsTold } = parts;
  return {
    ...{ namespace, endpointOf, budget, unsaved, stop, onEvent, tools, toolsTold },
    log: engine.log,
    store: engine.store,
    finder: engine.finder,
    model: engine.traces?.ofModel(model) ?? model,
    tracer: engine.traces?.tracer,
    retry: {
      maxTransientAttempts: settings.maxAttempts,
      maxContentAttempts: settings.maxContentAttempts,
    },
    leaseMs: settings.leaseMs,
    extraBodies: extraBodiesOf(settings),
    lacking: (recipes) => missingPartsIn(recipes, tools),
  };
}
