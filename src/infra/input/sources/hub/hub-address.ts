import { Failure } from '../../../../streams/failure.ts';

/** A data set on the Hub: `hf:owner/name@revision#config:split`. */
export type HubAddress = Readonly<{
  repository: string;
  revision: string | undefined;
  config: string | undefined;
  split: string | undefined;
}>;

/** One file of it, at a commit. */
export type HubFile = Readonly<{ repository: string; commit: string; path: string }>;

const SHORT = 'hf:';
const LONG = 'hf://datasets/';
const NAME = String.raw`[\w.-]+(?:/[\w.-]+)?`;
const ADDRESS = new RegExp(`^${SHORT}(${NAME})(?:@([\\w./-]+))?(?:#([^:#]+))?(?::([\\w.-]+))?$`);
const FILE = new RegExp(`^${LONG}(${NAME})@([\\w-]+)/(.+)$`);

/** Whether it names something on the Hub, by either way to write it. */
export function isOnHub(source: string): boolean {
  return source.startsWith(SHORT);
}

/** Throws a fatal Failure `bad_hub_address` that says what was expected. */
export function hubAddressOf(source: string): HubAddress {
  const [, repository, revision, config, split] = ADDRESS.exec(source) ?? [];
  if (repository !== undefined) return { repository, revision, config, split };
  const expected = 'expected hf:OWNER/NAME, and if you like @REVISION, #CONFIG and :SPLIT behind it';
  throw new Failure('fatal', 'bad_hub_address', `${source}: ${expected}.`);
}

/** `undefined` where it names a data set, and no file of one. */
export function hubFileOf(source: string): HubFile | undefined {
  const [, repository, commit, path] = FILE.exec(source) ?? [];
  if (repository === undefined || commit === undefined || path === undefined) return undefined;
  return { repository, commit, path };
}

/** As other tools write it too: `hf://datasets/owner/name@commit/path`. */
export function hubFileText({ repository, commit, path }: HubFile): string {
  return `${LONG}${repository}@${commit}/${path}`;
}
