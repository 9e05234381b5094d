import { simulationText } from '../../infra/config/model-settings.ts';
import { plural } from '../../infra/terminal/format.ts';
import { fieldsNamedIn } from '../../stages/question-parts/lifted.ts';
import type { Display } from './display/display.ts';
import { sameData } from './place-flags.ts';
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
    display.note(olderText(stage, results));
    if (stage === 'review')
      display.note(
        `Where only the lowest score has changed, no call is needed: millrace export --min-score ${settings.minScore}${sameData()}`,
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

/** Says that results of older recipes stay, and how to have them made again. */
export function olderText(stage: string, results: number): string {
  const what = `${plural(results, 'result')} of ${stage}`;
  const made = 'made with another prompt, model or settings, and';
  return results === 1
    ? `${what} was ${made} is kept. To make it anew beside the old one: --redo ${stage}`
    : `${what} were ${made} are kept. To make them anew beside the old ones: --redo ${stage}`;
}
