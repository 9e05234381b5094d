import { assertAsksNamed, isSimulated, simulationText } from '../infra/config/model/is-simulated.ts';
import type { ParsedOptions } from './options.ts';

let told = false;

/**
 * Says once a process, on standard error, that a simulated model of ours will answer: whoever calls a library reads no screen. A model
 * of the caller's own is known to them. Throws a Failure `no_key` where a model is named and nobody can be asked for it.
 */
export function tellWhoAnswers({ settings, model, named }: ParsedOptions): void {
  if (model !== undefined) return;
  if (named !== undefined) assertAsksNamed(settings, named);
  if (told || !isSimulated(settings)) return;
  told = true;
  process.stderr.write(`millrace: ${simulationText(settings)}\n`);
}
