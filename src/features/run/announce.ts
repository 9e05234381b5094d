import { simulationText } from '../../infra/config/model/is-simulated.ts';
import { plural } from '../../infra/terminal/format.ts';
import { fieldsNamedIn, type NamedFields } from '../../stages/question-parts/named-fields.ts';
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
  for (const text of fieldsText(fieldsNamedIn(lane.recipes))) display.note(text);
  for (const { name, model: judge } of shadows.running)
    display.note(`Shadow judge ${name} (${judge}) works beside the reviewer and changes nothing.`);
}

/** Says which of the asker's own values tell questions apart. */
function fieldsText({ always, byType }: NamedFields): readonly string[] {
  const said = (who: string, names: readonly string[], whose: string) =>
    `${who} ${names.map((name) => `{{fields.${name}}}`).join(', ')}: ${whose} are told apart by ${names.length === 1 ? 'it' : 'them'}.`;
  const ofTypes = Object.entries(byType).map(([type, names]) =>
    said(`Type ${type} uses`, names, 'its questions'),
  );
  return [...(always.length === 0 ? [] : [said('Prompts use', always, 'questions')]), ...ofTypes];
}

/** Says that results of older recipes stay, and how to have them made again. */
export function olderText(stage: string, results: number): string {
  const what = `${plural(results, 'result')} of ${stage}`;
  const made = 'made with another prompt, model or settings, and';
  return results === 1
    ? `${what} was ${made} is kept. To make it anew beside the old one: --redo ${stage}`
    : `${what} were ${made} are kept. To make them anew beside the old ones: --redo ${stage}`;
}
