import { differingText } from '../features/run/session/differing-text.ts';
import { openSession } from '../features/run/session/open-session.ts';
import type { Session, SessionOptions } from '../features/run/session/session.ts';
import { assertAsksNamed, isSimulated, simulationText } from '../infra/config/model/is-simulated.ts';
import { type ParsedOptions, type PipelineOptions, parseOptions } from './options.ts';

/** Opens the session of a caller of the library, who is told what they would not see. Rejects as `parseOptions` and `openSession` do. */
export async function sessionOf(
  options: PipelineOptions,
  how: Pick<SessionOptions, 'redo' | 'newRecipe'>,
): Promise<Session> {
  const parsed = await parseOptions(options);
  tellWhoAnswers(parsed);
  const { settings, model, tools } = parsed;
  const session = await openSession({ settings, model, tools, ...how, shadows: true });
  tellOfRecipe(session);
  return session;
}

let told = false;

/**
 * Says once a process, on standard error, that a simulated model of ours will answer: whoever calls a library reads no screen. A model
 * of the caller's own is known to them. Throws a Failure `no_key` where a model is named and nobody can be asked for it.
 */
function tellWhoAnswers({ settings, model, named }: ParsedOptions): void {
  if (model !== undefined) return;
  if (named !== undefined) assertAsksNamed(settings, named);
  if (told || !isSimulated(settings)) return;
  told = true;
  process.stderr.write(`millrace: ${simulationText(settings)}\n`);
}

/** Warns, as Node does on standard error, where the options would make another recipe than the lane that all workers share. */
export function tellOfRecipe({ differing, lane }: Pick<Session, 'differing' | 'lane'>): void {
  if (differing?.counts !== 'of the lane') return;
  process.emitWarning(differingText(differing, lane, 'newRecipe: true'), {
    type: 'MillraceWarning',
    code: 'recipe_of_the_lane',
  });
}
