import { simulationText } from '../../infra/config/model-settings.ts';
import type { Differing } from '../../runs/run-lane.ts';
import type { Session } from '../../runs/session.ts';
import type { Display } from '../display/display.ts';
import { count } from '../format.ts';

/** Says before anything is paid for what will be worked with, and what an older run left. */
export function announce(
  { simulated, model, settings, lane, old, differing, shadows }: Session,
  display: Pick<Display, 'note'>,
): void {
  display.note(simulated ? simulationText(settings) : `Model server: ${model.address}`);
  if (lane.parent !== undefined)
    display.note(`Lane ${lane.name}: results stand beside those of ${lane.parent}.`);
  if (differing !== undefined) display.note(differingText(differing, lane));
  for (const [stage, results] of old) {
    const what = `${count(results)} results of ${stage} were made with another prompt, model or settings, and are kept.`;
    display.note(`${what} To make them anew beside the old ones: --redo ${stage}`);
  }
  for (const { name, model: judge } of shadows.running)
    display.note(`Shadow judge ${name} (${judge}) works beside the reviewer and changes nothing.`);
}

function differingText({ stages, counts }: Differing, { name, recipes }: Session['lane']): string {
  const which = stages.join(', ');
  if (counts === 'of this process')
    return `The recipe of ${which} (model, prompt, settings) is another one than before: new questions are worked by it.`;
  const models = stages.map((stage) => `model of ${stage}: ${recipes[stage].settings.model}`).join(', ');
  return `The settings here differ from the recipe of lane ${name} in ${which}. The lane's recipe counts for every worker (${models}), whoever starts. To change it for all of them: --new-recipe`;
}
