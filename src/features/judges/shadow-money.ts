import type { Settings } from '../../infra/config/settings.ts';
import { Failure } from '../../streams/failure.ts';

/**
 * Who limits what a run may spend has to say what its shadow judges may: they spend beside it. Throws a Failure
 * (`bad_budget`) that says how.
 */
export function assertShadowBudgets(settings: Settings): void {
  const { shadows, maxCost, maxTokens, shadowMaxCost, shadowMaxTokens } = settings;
  const [name] = Object.keys(shadows);
  if (name === undefined) return;
  if (maxCost !== undefined && shadowMaxCost === undefined)
    throw unlimited(name, `--max-cost ${maxCost}`, '--shadow-max-cost');
  if (maxTokens !== undefined && shadowMaxTokens === undefined)
    throw unlimited(name, `--max-tokens ${maxTokens}`, '--shadow-max-tokens');
}

function unlimited(name: string, limit: string, flag: string): Failure {
  const message = `The shadow judge ${name} spends beside ${limit}: say how much each shadow may spend with ${flag}, or leave the shadow out.`;
  return new Failure('fatal', 'bad_budget', message);
}
