import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isSimulated, simulationIsAsked } from '../../../infra/config/model/is-simulated.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import type { Engine } from '../../../infra/engines/engine.ts';
import { openEngine } from '../../../infra/engines/open-engine.ts';
import { registerTypesOfLane } from '../../../infra/plugins/load-types.ts';
import { MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { openAll } from '../../../streams/closing.ts';
import { Failure } from '../../../streams/failure.ts';
import { namespaceOf } from './session.ts';

/** Closes at the end of the block that `await using` opens it in. */
export type OpenData = Readonly<{ engine: Engine; simulated: boolean }> & AsyncDisposable;

/**
 * Opens what a run has made, beside it if it is still at work: the data of the model that a run would use now, or the
 * other where only that is there. Throws a Failure (`no_data`) where there is nothing.
 */
export async function openData(settings: Settings): Promise<OpenData> {
  const simulated = standsOfSimulated(settings);
  return openAll(async (opened) => {
    const engine = await openEngine({ settings, namespace: namespaceOf(settings, simulated), mode: 'read' });
    opened.defer(() => engine.close());
    await registerTypesOfLane(engine.store, MAIN_LANE);
    return { engine, simulated, [Symbol.asyncDispose]: () => engine.close() };
  });
}

/**
 * Whether whoever looks at what stands is to be shown that of the simulated model: that of the model which a run would ask now, or of the
 * other where only that is there.
 */
export function standsOfSimulated(settings: Settings): boolean {
  const wanted = isSimulated(settings);
  const { mongo, engine } = settings;
  if (mongo !== undefined || engine !== undefined || simulationIsAsked(settings)) return wanted;
  return stands(settings, wanted) || !stands(settings, !wanted) ? wanted : !wanted;
}

/** The same for whoever takes in questions as well: where a model is named they are for it, whatever stands. */
export function takesInForSimulated(settings: Settings): boolean {
  return isSimulated(settings) && standsOfSimulated(settings);
}

function stands(settings: Settings, simulated: boolean): boolean {
  return isOnFile(settings, namespaceOf(settings, simulated));
}

/** Whether the embedded engine keeps data of this namespace. */
export function isOnFile({ data }: Pick<Settings, 'data'>, namespace: string): boolean {
  return existsSync(join(data, `${namespace}.db`));
}

/**
 * For whoever sends again what has failed, which is in the data of one model. Throws a Failure (`no_key`) where that is a real one's, and
 * no model is named: the simulated one would be asked, about nothing, and its empty data be shown from then on.
 */
export function assertNamesModel(settings: Settings): void {
  const { data, mongo, engine, apiKeyVariable } = settings;
  if (mongo !== undefined || engine !== undefined || simulationIsAsked(settings)) return;
  if (!isSimulated(settings) || !stands(settings, false) || stands(settings, true)) return;
  const message = `What has failed in ${data} was asked of a real model, and none is named now: set ${apiKeyVariable}, or --base-url as before. For the simulated model: --simulate latency=300ms.`;
  throw new Failure('fatal', 'no_key', message);
}

export const SIMULATED_NOTE = 'SIMULATED: no model was asked, and nothing here is training data.';

/** Said wherever questions are put in without a key: the workers may have one, and would never see them. */
export const SIMULATED_INTAKE =
  'SIMULATED: no key is set here, so the questions go to the data of the simulated model. Set OPENAI_API_KEY or MILLRACE_BASE_URL as the workers have it to reach them.';
