import type { WrittenDataset } from '../../infra/export/dataset-file.ts';
import { manifestPathOf } from '../../infra/export/dataset-path.ts';
import { replaceFile } from '../../infra/files/replace-file.ts';
import { registerTypesOfLane } from '../../infra/plugins/load-types.ts';
import {
  type Manifest,
  type VersionRequest,
  versionNameSchema,
  versionRequestSchema,
} from '../../stages/dataset/dataset-version.ts';
import { isMeant } from '../../stages/dataset/example-filter.ts';
import { offsetsIn } from '../../stages/lanes/offsets.ts';
import { topicsOf } from '../../stages/stage-names.ts';
import { wellFormedJson } from '../../stages/text/well-formed.ts';
import { Failure } from '../../streams/failure.ts';
import { manifestOf, sameFiles } from './manifest.ts';
import type { Ledger } from './read-ledger.ts';
import { ledgerRows, openLedger, type Port } from './rows/ledger-rows.ts';
import { type Destination, type Exported, writeExport } from './write-export.ts';

export type LedgerExport = Exported &
  Readonly<{
    /** The version that was made or made again. */
    manifest: Manifest | undefined;
    manifestPath: string | undefined;
    retracted: number;
    unreadable: number;
  }>;

/** Writes what the ledger holds now, or what of it is requested. No version is made. */
export async function exportLedger(
  port: Port,
  request: VersionRequest,
  destination: Destination,
): Promise<LedgerExport> {
  const topic = topicsOf(port.namespace).dataset;
  const until = await port.engine.log.endOffsets(topic);
  return withLedger(port, request, until, async (ledger) => ({
    ...(await writeExport(rowsOf(port, request, ledger, destination), destination)),
    ...ledgerFacts(ledger),
  }));
}

/**
 * Writes what the ledger holds now and keeps it as a version. Rejects with a fatal Failure `version_exists`, and leaves
 * the files as they were, where a version of the name stands that is not the same to the byte.
 */
export async function exportAsVersion(
  port: Port,
  { name, tool, request }: Readonly<{ name: string; tool: string; request: VersionRequest }>,
  destination: Destination,
): Promise<LedgerExport> {
  if (!versionNameSchema.safeParse(name).success) throw badName(name);
  const { log, store } = port.engine;
  const known = await store.versions.get(name);
  if (known !== undefined && meaningOf(known.wish) !== meaningOf(request)) throw exists(known);
  const topic = topicsOf(port.namespace).dataset;
  const until = await log.endOffsets(topic);
  return withLedger(port, request, until, async (ledger) => {
    const facts = { name, tool, request, topic, until, retracted: ledger.retracted };
    const keep = async (dataset: WrittenDataset) => {
      const wanted = manifestOf(dataset, { ...facts, createdAt: new Date().toISOString() });
      const existing = await store.versions.add(wanted);
      if (!sameFiles(existing, wanted) || meaningOf(existing.wish) !== meaningOf(request))
        throw exists(existing);
    };
    const exported = await writeExport(rowsOf(port, request, ledger, destination), destination, keep);
    return finished(port, name, exported, ledger);
  });
}

/**
 * Makes a version again, from the ledger up to its offsets. Rejects with a fatal Failure: `no_version`, or
 * `version_differs` where the bytes are not the same, which leaves the files as they were. In another format there is
 * nothing to compare with: the examples are the same.
 */
export async function exportVersion(
  port: Port,
  name: string,
  destinationOf: (manifest: Manifest) => Destination,
): Promise<LedgerExport> {
  const manifest = await port.engine.store.versions.get(name);
  if (manifest === undefined) throw noVersion(name);
  const { wish: request, ledger: pinned } = manifest;
  const destination = destinationOf(manifest);
  const isSame = destination.format === request.format && destination.fileType === request.fileType;
  return withLedger(port, request, offsetsIn(pinned.offsets), async (ledger) => {
    const compare = async (dataset: WrittenDataset) => {
      if (isSame && !sameFiles(manifest, dataset)) throw differs(manifest, dataset);
    };
    const exported = await writeExport(rowsOf(port, request, ledger, destination), destination, compare);
    if (isSame) return finished(port, name, exported, ledger);
    return { ...exported, ...ledgerFacts(ledger) };
  });
}

async function finished(
  { engine }: Port,
  name: string,
  exported: Exported,
  ledger: Ledger,
): Promise<LedgerExport> {
  if (exported.kept !== undefined) return { ...exported, ...ledgerFacts(ledger) };
  const manifest = await engine.store.versions.get(name);
  const manifestPath = manifestPathOf(exported.dataset.place);
  await replaceFile(manifestPath, (append) => append(`${wellFormedJson(manifest, 2)}\n`), 'replace');
  const removed = exported.removed.filter((path) => path !== manifestPath);
  return { ...exported, ...ledgerFacts(ledger), removed, manifest, manifestPath };
}

async function withLedger<T>(
  port: Port,
  request: VersionRequest,
  until: ReadonlyMap<number, bigint>,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  await registerTypesOfLane(port.engine.store, request.lane);
  const ledger = await openLedger(port, request, until);
  return work(ledger).finally(() => ledger.close());
}

function rowsOf({ engine }: Port, { filter }: VersionRequest, ledger: Ledger, { format }: Destination) {
  return ledgerRows(engine.store, ledger, {
    ...{ format, filter },
    isMeant: (example) => isMeant(filter, example),
  });
}

/** What the ledger tells of an export that no version stands for. */
function ledgerFacts({ retracted, unreadable }: Ledger) {
  return { retracted, unreadable, manifest: undefined, manifestPath: undefined };
}

/** What was requested, without the offsets that a time or a version stood for. */
function meaningOf(requested: VersionRequest): string {
  // Read as a stored one is, so that equal requests have their fields in one order.
  const { since, ...request } = versionRequestSchema.parse(requested);
  return JSON.stringify({ ...request, since: since?.text });
}

function badName(name: string): Failure {
  const message = `Bad value for --as-version: expected letters, digits, dots, dashes and underscores, at most 64; got ${name}.`;
  return new Failure('fatal', 'bad_version_name', message);
}

function exists({ name, createdAt, examples }: Manifest): Failure {
  const message = `There is a version ${name} of ${createdAt} with ${examples} examples, and this is not the same. Versions never change: choose another name, or write that one again with --version ${name}.`;
  return new Failure('fatal', 'version_exists', message);
}

function noVersion(name: string): Failure {
  const message = `There is no version ${name}. See: millrace dataset versions. Make one with: millrace export --as-version ${name}`;
  return new Failure('fatal', 'no_version', message);
}

function differs(manifest: Manifest, { statistics }: WrittenDataset): Failure {
  const message = `Version ${manifest.name} cannot be made again to the byte: it had ${manifest.examples} examples, and the ledger still gives ${statistics.examples} (made by ${manifest.tool}). Questions were forgotten, old records were deleted, or another version of Millrace made it. No file was changed.`;
  return new Failure('fatal', 'version_differs', message);
}
