import { withoutUndefined } from '../../streams/without-undefined.ts';
import { isSimulated } from './model/is-simulated.ts';
import type { Settings } from './settings.ts';
import type { ShadowSettings } from './shadow-settings.ts';

/** The settings as they would be if the shadow judge were the reviewer. Where the reviewer is simulated, so is it. */
export function withReviewer(settings: Settings, shadow: ShadowSettings): Settings {
  const { prompts, minScore, share: _, batchSize: __, ask: ___, ...agent } = shadow;
  const review = { ...settings.agents.review, ...withoutUndefined(agent) };
  return {
    ...settings,
    agents: { ...settings.agents, review },
    prompts: prompts ?? settings.prompts,
    minScore: minScore ?? settings.minScore,
    holdScores: undefined,
    holdShare: undefined,
    maxCost: settings.shadowMaxCost,
    maxTokens: settings.shadowMaxTokens,
    dryRun: settings.dryRun || isSimulated(settings),
  };
}

/** The settings of a process that works shadow judges alone: who asks for the first of them asks no other. */
export function withFirstShadow(settings: Settings): Settings {
  const [first] = Object.values(settings.shadows);
  return first === undefined ? settings : withReviewer(settings, first);
}
