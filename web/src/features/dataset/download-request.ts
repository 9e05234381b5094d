import type { Version } from '../../../../src/features/dataset/http/version-schemas.ts';
import type { FileType } from '../../../../src/infra/export/encoders/encoder.ts';
import type { SplitName } from '../../../../src/stages/dataset/split.ts';

/** What a reader chose to download, but for the format. */
export type DownloadRequest = Readonly<{
  fileType: FileType;
  /** Without: the examples as they stand now. */
  version: Version | undefined;
  /** Without: all of them. */
  part: SplitName | undefined;
  /** The shares of the parts. Those of a version are its own. */
  split: string;
  /** Without texts that hold marks which trainers obey. A version holds what it holds. */
  skipMarks: boolean;
}>;

export const PARTS: readonly SplitName[] = ['train', 'validation', 'test'];

/** The parts that can be had. `all` stands for the whole, which a version that has parts is not a file of. */
export function partsOffered({ version }: Pick<DownloadRequest, 'version'>): readonly (SplitName | 'all')[] {
  if (version === undefined) return ['all', ...PARTS];
  return version.parts.length === 0 ? ['all'] : version.parts;
}

/** The request for another version, or for none: its part stays where there is one of that name. */
export function withVersion(request: DownloadRequest, version: Version | undefined): DownloadRequest {
  const offered = partsOffered({ version });
  const first = offered.find((part) => part !== 'all');
  const part = request.part !== undefined && offered.includes(request.part) ? request.part : undefined;
  return { ...request, version, part: offered.includes('all') ? part : (part ?? first) };
}

export function downloadParams(request: DownloadRequest, lane: string, format: string) {
  const { fileType, version, part, split, skipMarks } = request;
  if (version !== undefined) return { version: version.name, part, format, fileType };
  return {
    ...{ lane, format, fileType, part },
    split: part === undefined ? undefined : split,
    skipMarks: skipMarks ? 'true' : undefined,
  };
}

/** The file's name as the server says it. */
export function fileNameIn(disposition: string | null): string {
  return /filename="([^"]+)"/.exec(disposition ?? '')?.[1] ?? 'dataset';
}

export function versionWords({ lane, format, fileType, since, filter }: Version): string {
  const filters = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
  const after = since === undefined ? [] : [`since ${since}`];
  return [`${format} as ${fileType}`, `lane ${lane}`, ...after, ...filters].join(' · ');
}
