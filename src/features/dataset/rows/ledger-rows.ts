import type { Engine } from '../../../infra/engines/engine.ts';
import type { ExportedExample } from '../../../infra/export/dataset-file.ts';
import type { VersionRequest } from '../../../stages/dataset/dataset-version.ts';
import { type ExampleFilter, treatmentOf } from '../../../stages/dataset/example-filter.ts';
import type { Example } from '../../../stages/example.ts';
import type { ExportFormat } from '../../../stages/formats/index.ts';
import { offsetsIn } from '../../../stages/lanes/offsets.ts';
import { topicsOf } from '../../../stages/stage-names.ts';
import type { ForgottenRepository } from '../../../stages/store/forgotten.ts';
import { inBatches } from '../../../streams/in-batches.ts';
import type { Offset } from '../../../streams/log/log.ts';
import type { QuestionId } from '../../../streams/work/work.ts';
import { type Ledger, readLedger } from '../read-ledger.ts';
import { withSentBack } from '../sent-back.ts';

/** So many questions are asked about at once. */
const BATCH = 256;

const idOf = ({ questionId }: Example): QuestionId => questionId as QuestionId;

/** Whose ledger. */
export type Port = Readonly<{ engine: Pick<Engine, 'log' | 'store'>; namespace: string }>;

/** The ledger up to these offsets, of the lane and since when the request says. To be closed. */
export function openLedger(
  { engine, namespace }: Port,
  { lane, since }: Pick<VersionRequest, 'lane' | 'since'>,
  until: ReadonlyMap<number, Offset>,
  stop?: AbortSignal,
): Promise<Ledger> {
  const { dataset: topic } = topicsOf(namespace);
  const from = since === undefined ? undefined : { offsets: offsetsIn(since.offsets), atMs: since.atMs };
  return readLedger(engine.log, { topic, lane, until, since: from, stop });
}

type Meant = Readonly<{
  format: ExportFormat;
  filter: ExampleFilter;
  isMeant: (example: Example) => boolean;
}>;

/** What of a ledger is meant and was not forgotten, as an export takes it. */
export function ledgerRows(
  { forgotten, reports }: Port['engine']['store'],
  ledger: Pick<Ledger, 'examples'>,
  { format, filter, isMeant }: Meant,
): AsyncGenerator<ExportedExample> {
  async function* rows() {
    for await (const example of withoutForgotten(forgotten, ledger.examples()))
      if (isMeant(example)) yield { example, ...treatmentOf(filter, example) };
  }
  return withSentBack(reports, format, rows());
}

/**
 * The examples without those of forgotten questions. Kafka keeps a record behind its tombstone for a while, and a version
 * ends before the tombstone: the mark in the store counts at once and for ever.
 */
async function* withoutForgotten(
  forgotten: Pick<ForgottenRepository, 'among'>,
  examples: AsyncIterable<Example>,
): AsyncGenerator<Example> {
  for await (const batch of inBatches(examples, BATCH)) {
    const marked = await forgotten.among(batch.map(idOf));
    yield* batch.filter((example) => !marked.has(idOf(example)));
  }
}
