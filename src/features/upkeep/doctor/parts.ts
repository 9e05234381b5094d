import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '../../../infra/engines/open-engine.ts';
import { lackingIn } from '../../../infra/plugins/lacking.ts';
import { MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { type Check, warning } from './check.ts';

/** Whether the parts by which the lane works are registered here: stages, training types and models of plugins. */
export const parts: Check = {
  name: 'parts',
  look: async ({ settings, namespace }) => {
    const { data, mongo, engine: named } = settings;
    const isThere = mongo !== undefined || named !== undefined || existsSync(join(data, `${namespace}.db`));
    if (!isThere) return [];
    await using engine = await openEngine({ settings, namespace, mode: 'read' });
    const lane = await engine.store.lanes.get(MAIN_LANE);
    const lacking = lane === undefined ? [] : [...lackingIn(lane.recipes)];
    return lacking.map(([stage, text]) =>
      warning(`${stage} cannot be worked here. ${text}`, 'name the plugin in the settings: plugins'),
    );
  },
};
