import { modelSettingsOf } from '../../../infra/config/model/model-settings.ts';
import { callCostOf, pricesWith } from '../../../infra/models/prices.ts';
import { agentStages } from '../../../stages/stage-names.ts';
import { NO_USAGE } from '../../../streams/failure.ts';
import { type Check, ok, warning } from './check.ts';

/** Without a price the cost of a run is not known. */
export const prices: Check = {
  name: 'prices',
  look: async ({ settings, simulated }) => {
    if (simulated) return [];
    const table = pricesWith(settings.prices);
    const models = [...new Set(agentStages().map((stage) => modelSettingsOf(settings, stage).model))];
    const unknown = models.filter((model) => callCostOf(table, model, NO_USAGE) === null);
    if (unknown.length === 0) return ok(`known for ${models.join(', ')}`);
    const example = `prices: { "${unknown[0]}": { input: 1, output: 2 } }`;
    return warning(`not known for ${unknown.join(', ')}: its cost will not be known either`, example);
  },
};
