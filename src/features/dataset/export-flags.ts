import { InvalidArgumentError } from 'commander';
import type { Settings } from '../../infra/config/settings.ts';
import { directoryOf, extensionOf, fileTypeOf } from '../../infra/export/dataset-path.ts';
import type { FileType } from '../../infra/export/encoders/encoder.ts';
import type { VersionRequest } from '../../stages/dataset/dataset-version.ts';
import type { ExampleFilter } from '../../stages/dataset/example-filter.ts';
import { parseSplit, type Split, type SplitBy } from '../../stages/dataset/split.ts';
import { HELD, type Held } from '../../stages/formats/format.ts';
import { exportFormatNamed } from '../../stages/formats/index.ts';
import type { ContextTurn } from '../../stages/formats/turn.ts';
import { withoutUndefined } from '../../streams/without-undefined.ts';
import type { LaneName } from '../../streams/work/work.ts';
import type { Destination } from './write-export.ts';

export type ExportFlags = Readonly<{
  lane?: LaneName;
  out?: string;
  format?: string;
  fileType?: FileType;
  rejected?: boolean;
  split?: string;
  splitBy?: SplitBy;
  topic?: string;
  subTopic?: string;
  trainingType?: string;
  minScore?: number;
  reviewer?: 'human' | 'judge';
  skipMarks?: true;
  without?: readonly Held[];
  contextTurn?: ContextTurn | undefined;
  since?: string;
  asVersion?: string;
  version?: string;
  distractors?: number;
}>;

/** Flags of `export` that mean something else than the setting of the same name. */
export const OWN_FLAGS = ['topic', 'subTopic', 'trainingType', 'minScore'];

/** For `--min-score`. */
export function score(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 1 && value <= 10))
    throw new InvalidArgumentError(`Expected a score from 1 to 10, got ${text}.`);
  return value;
}

/** For `--without`. */
export function heldPartOf(text: string): readonly Held[] {
  const names = text.split(',').map((name) => name.trim());
  const known = HELD.filter((each) => names.includes(each));
  if (known.length === names.length) return known;
  throw new InvalidArgumentError(`Expected ${HELD.join(' or ')}, or both with a comma, got ${text}.`);
}

export function exportFilterOf({
  topic,
  subTopic,
  trainingType,
  minScore,
  reviewer,
  skipMarks,
  without,
  contextTurn,
}: ExportFlags): ExampleFilter {
  const given = { topic, subTopic, trainingType, minScore, reviewer, skipMarks, without, contextTurn };
  return withoutUndefined(given);
}

/** Where the export goes. A dataset of several parts goes into a directory of the file's name. */
export function destinationOf(
  flags: ExportFlags,
  settings: Pick<Settings, 'out' | 'license' | 'language'> & Readonly<{ format: string }>,
  simulated: boolean,
): Destination {
  const { out, license, language } = settings;
  const format = exportFormatNamed(settings.format);
  const split = flags.split === undefined ? undefined : parseSplit(flags.split);
  const fileType = flags.fileType ?? fileTypeOf(out);
  return {
    out: outOf(out, fileType, split),
    format,
    fileType,
    split,
    splitBy: flags.splitBy,
    simulated,
    license,
    language,
  };
}

/** Where a version goes that is made again: as what it was, unless a flag or the ending of `--out` says otherwise. */
export function versionDestinationOf(
  flags: ExportFlags,
  settings: Pick<Settings, 'out' | 'license' | 'language'>,
  request: VersionRequest,
  simulated: boolean,
): Destination {
  const named = flags.out === undefined ? undefined : extensionOf(flags.out);
  const fileType = flags.fileType ?? named ?? request.fileType;
  const split = request.split?.map(([part, share]) => `${part}=${share}`).join(',');
  const asRequested = { ...flags, fileType, ...(split === undefined ? {} : { split }) };
  return destinationOf(asRequested, { ...settings, format: flags.format ?? request.format }, simulated);
}

function outOf(out: string, fileType: FileType, split: Split | undefined): string {
  if (split !== undefined) return directoryOf(out);
  return fileType === fileTypeOf(out) ? out : `${directoryOf(out)}.${fileType}`;
}

/** What cannot be asked together, in a sentence. */
export function exportContradictionIn(flags: ExportFlags): string | undefined {
  const { rejected, since, asVersion, version } = flags;
  const ledger = asVersion !== undefined || since !== undefined || version !== undefined;
  if (rejected === true && ledger)
    return '--rejected goes with neither --since nor versions: these come from the ledger, which holds approved examples alone.';
  if (flags.distractors !== undefined && (ledger || flags.format !== 'rag'))
    return '--distractors goes with --format rag, and not with versions: these are made again to the byte, and what else is indexed changes.';
  if (flags.splitBy !== undefined && ledger)
    return '--split-by goes with neither --since nor versions: their parts go by the questions alone.';
  if (flags.splitBy !== undefined && flags.split === undefined)
    return `--split-by ${flags.splitBy} needs --split, such as --split 90/10: it says what stays together in one of its parts.`;
  const fixed = [
    flags.lane,
    flags.split,
    flags.topic,
    flags.subTopic,
    flags.trainingType,
    flags.minScore,
    flags.reviewer,
    flags.skipMarks,
    flags.without,
    flags.contextTurn,
    since,
  ];
  if (version !== undefined && (asVersion !== undefined || fixed.some((flag) => flag !== undefined)))
    return `--version ${version} writes what that version is: its lane, filters, parts and offsets are in its manifest. Only --format, --file-type and --out go with it; leave --version away to export with the other flags.`;
  return undefined;
}
