import type { ResearchMode } from '../../../infra/config/research-settings.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import { assertKnown } from '../../../infra/documents/index/assert-known.ts';
import { holdsChunks } from '../../../infra/documents/index/index-file.ts';
import { indexPath } from '../../../infra/documents/index/index-path.ts';
import { CONTEXT_SOURCE } from '../../../stages/evidence/shown.ts';
import type { Lane } from '../../../stages/lanes/lane.ts';
import { Failure } from '../../../streams/failure.ts';

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
    onNotice,
  }: Readonly<{ lane: Lane | undefined; alone: boolean; onNotice(text: string): void }>,
): Promise<ResearchMode> {
  const ofLane = lane === undefined ? undefined : (lane.recipes.research.lookUp?.mode ?? 'memory');
  const indexed = settings.mongo === undefined && holdsChunks(indexPath(settings));
  const isNamed = settings.researchSource !== undefined;
  const mode = settings.research ?? ofLane ?? (isNamed || indexed ? 'sources' : 'memory');
  if (!alone && indexed && settings.research === undefined && mode === 'memory')
    onNotice(MEMORY_ALL_THE_SAME);
  if (mode !== 'sources' || alone || isContextAlone(settings)) return mode;
  if (indexed) {
    const named = settings.researchSource?.filter((name) => name !== CONTEXT_SOURCE) ?? [];
    assertKnown(named, indexPath(settings));
    return mode;
  }
  throw new Failure('fatal', 'bad_setting', settings.mongo === undefined ? NOTHING_INDEXED : NO_INDEX);
}

const MEMORY_ALL_THE_SAME =
  'Documents are indexed, but this data was begun with answers from memory, and goes on so. To rest new answers on the documents: --research sources';
const NOTHING_INDEXED =
  'No documents are indexed. Add some: millrace sources add DIR. Or: --research memory; or --research-source context, if each question brings its own.';
const NO_INDEX =
  'Documents are searched beside the embedded store only, and these settings name a MongoDB. Leave --mongo out, or: --research memory; or --research-source context, if each question brings its own.';

function isContextAlone({ researchSource }: Settings): boolean {
  return researchSource?.every((name) => name === CONTEXT_SOURCE) === true;
}
