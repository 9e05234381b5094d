import { simulationText } from '../../infra/config/model-settings.ts';
import { count } from '../../infra/terminal/format.ts';
import { fieldsNamedIn } from '../../stages/question-parts/lifted.ts';
import type { Display } from './display/display.ts';
import { samePlace } from './same-place.ts';
import { differingText } from './session/differing-text.ts';
import type { Session } from './session/session.ts';

/** Says before anything is paid for what will be worked with, and what an older run left. */
export function announce(
  { simulated, model, settings, lane, old, differing, shadows }: Session,
  display: Pick<Display, 'note'>,
): void {
  display.note(simulated ? simulationText(settings).replace('. ', '.\n') : `Model server: ${model.address}`);
  if (lane.parent !== undefined)
    display.note(`Lane ${lane.name}: results stand beside those of ${lane.parent}.`);
  if (differing !== undefined) display.note(differingText(differing, lane));
  for (const [stage, results] of old) {
    const what = `${count(results)} results of ${stage} were made with another prompt, model or settings, and are kept.`;
    display.note(`${what} To make them anew beside the old ones: --redo ${stage}`);
    if (stage === 'review')
      display.note(
        `Where only the lowest score has changed, no call is needed: millrace export --min-score ${settings.minScore}${samePlace()}${simulated ? ' --dry-run' : ''}`,
      );
  }
  const fields = fieldsNamedIn(lane.recipes).map((name) => `{{fields.${name}}}`);
  if (fields.length > 0)
    display.note(
      `Prompts use ${fields.join(', ')}: questions are told apart by ${fields.length === 1 ? 'it' : 'them'}.`,
    );
  for (const { name, model: judge } of shadows.running)
    display.note(`Shadow judge ${name} (${judge}) works beside the reviewer and changes nothing.`);
}
