import type { Settings } from '../../infra/config/settings.ts';
import { Failure } from '../../streams/failure.ts';

/**
 * Who limits what a run may spend has to say what its shadow judges may: they spend beside it. Throws a Failure
 * (`bad_budget`) that says how.
 */
export function assertShadowBudgets({ shadows, maxCost, maxTokens }: Settings): void {
  for (const [name, shadow] of Object.entries(shadows)) {
    if (maxCost !== undefined && shadow.maxCost === undefined)
      throw unlimited(name, `--max-cost ${maxCost}`, '--shadow-max-cost');
    if (maxTokens !== undefined && shadow.maxTokens === undefined)
      throw unlimited(name, `--max-tokens ${maxTokens}`, '--shadow-max-tokens');
  }
}

function unlimited(name: string, limit: string, flag: string): Failure {
  return new Failure(
    'fatal',
    'bad_budget',
    `The shadow judge ${name} spends beside ${limit}: say how much each shadow may spend with ${flag}, or leave the shadow out.`,
  );
}
