import { missingPartsIn } from '../../../infra/plugins/missing-parts.ts';
import { MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { type Check, foundInData, warning } from './check.ts';

/** Whether the parts by which the lane works are registered here: stages, training types and models of plugins. */
export const parts: Check = {
  name: 'parts',
  look: (context) =>
    foundInData(context, async ({ store }) => {
      const lane = await store.lanes.get(MAIN_LANE);
      const lacking = lane === undefined ? [] : [...missingPartsIn(lane.recipes)];
      return lacking.map(([stage, text]) =>
        warning(`${stage} cannot be worked here. ${text}`, 'name the plugin in the settings: plugins'),
      );
    }),
};
