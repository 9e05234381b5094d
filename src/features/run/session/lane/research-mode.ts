import { namesTools } from '../../../../infra/config/look-up-settings.ts';
import type { ResearchMode } from '../../../../infra/config/research-settings.ts';
import type { Settings } from '../../../../infra/config/settings.ts';
import { assertKnownSources } from '../../../../infra/documents/index/assert-known.ts';
import { isIndexed } from '../../../../infra/documents/index/of-settings.ts';
import { CONTEXT_SOURCE } from '../../../../stages/evidence/shown.ts';
import type { Lane } from '../../../../stages/lanes/lane.ts';
import { Failure } from '../../../../streams/failure.ts';

/**
 * How a session researches: as the settings say, else as its lane does, else by whether sources are named or anything is indexed. What is
 * added later changes no lane that stands. Throws a Failure (`bad_setting`, `bad_source`) where there is nothing to look through.
 *
 * @param among `alone`: the process works no stage, so nothing has to be ready.
 */
export async function researchMode(
  settings: Settings,
  {
    lane,
    alone,
    hasTools = false,
    onNotice,
  }: Readonly<{
    lane: Lane | undefined;
    alone: boolean;
    /** Tools of one's own are there: they decide no mode, and are enough for `tools`. */
    hasTools?: boolean;
    onNotice(text: string): void;
  }>,
): Promise<ResearchMode> {
  const ofLane = lane === undefined ? undefined : (lane.recipes.research.lookUp?.mode ?? 'memory');
  const withTools = namesTools(settings.lookUpTools);
  const withSources = settings.researchSource === undefined ? undefined : 'sources';
  const named = withTools ? 'tools' : withSources;
  const decided = settings.research ?? ofLane ?? named;
  if (decided !== undefined && alone) return decided;
  if (ofLane !== undefined && settings.research === undefined) {
    const ofNewData = named ?? ((await isIndexed(settings)) ? 'sources' : 'memory');
    if (ofLane !== ofNewData) onNotice(asBefore(ofLane, ofNewData));
  }
  if (decided !== undefined && (!looksThrough(decided) || isContextAlone(settings))) return decided;
  const indexed = await isIndexed(settings);
  if (decided === 'tools' && !indexed) {
    if (withTools || hasTools) return decided;
    throw new Failure('fatal', 'bad_setting', NOTHING_TO_LOOK_UP_WITH);
  }
  if (decided === undefined) return indexed ? 'sources' : 'memory';
  if (!indexed) throw new Failure('fatal', 'bad_setting', NOTHING_INDEXED);
  await assertKnownSources(
    settings.researchSource?.filter((name) => name !== CONTEXT_SOURCE) ?? [],
    settings,
  );
  return decided;
}

/** Whether documents are searched. */
export function looksThrough(mode: ResearchMode): boolean {
  return mode === 'sources' || mode === 'tools';
}

function asBefore(ofLane: ResearchMode, ofNewData: ResearchMode): string {
  if (ofLane === 'memory' && ofNewData === 'sources') return MEMORY_ALL_THE_SAME;
  return `Research: ${ofLane}, as the run before. For research as in new data: --research ${ofNewData}`;
}

const MEMORY_ALL_THE_SAME =
  'Documents are indexed, but this data was begun with answers from memory, and goes on so. To rest new answers on the documents: --research sources';
const NOTHING_TO_LOOK_UP_WITH =
  'There is nothing to look things up with. Add documents: millrace sources add DIR. Or name tools in lookUpTools: see docs/look-ups.md.';
const NOTHING_INDEXED =
  'No documents are indexed. Add some: millrace sources add DIR. Or: --research memory; or --research-source context, if each question brings its own.';

function isContextAlone({ researchSource }: Settings): boolean {
  return researchSource?.every((name) => name === CONTEXT_SOURCE) === true;
}
