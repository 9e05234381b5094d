import { randomUUID } from 'node:crypto';
import { embeddingPriceOf } from '../../infra/config/embedding-settings.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { WritableIndex } from '../../infra/documents/index/document-index.ts';
import { embedChunks } from '../../infra/documents/vectors/embed-chunks.ts';
import { type Embedder, embeddingCost, embeddingTokens } from '../../infra/documents/vectors/embedder.ts';
import { missingKeyOf, openEmbedder, wantedSpaceOf } from '../../infra/documents/vectors/open-embedder.ts';
import type { WantedSpace } from '../../infra/documents/vectors/vector-index.ts';
import type { MadeVectors } from '../../infra/documents/vectors/vector-maker.ts';
import { takeUpArrived, vectorsToMake } from '../../infra/documents/vectors/vectors-to-make.ts';
import { openEngine } from '../../infra/engines/open-engine.ts';
import { Allowance } from '../../streams/budget/allowance.ts';
import { Budget } from '../../streams/budget/budget.ts';
import { CallEstimator } from '../../streams/budget/call-estimate.ts';
import { DayAllowance } from '../../streams/budget/day-allowance.ts';
import type { SpendingRepository } from '../../streams/budget/spending-repository.ts';
import { closeAfter } from '../../streams/closing.ts';
import { Failure } from '../../streams/failure.ts';
import { assertEmbeddingPriced } from '../run/progress/run-budget.ts';
import { namespaceOf } from '../run/session/session.ts';

/** What is to be embedded, and what it will cost as far as can be told. */
export type VectorForecast = Readonly<{
  model: string;
  address: string;
  chunks: number;
  tokens: number;
  /** `null` where the price is not known. */
  costUsd: number | null;
}>;

export type EmbedHearing = Readonly<{
  /** Hears what it will cost before anybody is asked, and says whether to go on. */
  agree?(forecast: VectorForecast): Promise<boolean>;
  /** Hears that another process is at it, which is waited for. */
  onWait?(): void;
}>;

/** What to embed so many chunks would take; `undefined` where nothing is embedded. */
export function forecastVectors(
  settings: Settings,
  { chunks, characters }: Readonly<{ chunks: number; characters: number }>,
): VectorForecast | undefined {
  const wanted = wantedSpaceOf(settings);
  if (wanted === undefined) return undefined;
  const tokens = embeddingTokens(characters);
  const costUsd = embeddingCost(tokens, embeddingPriceOf(settings));
  return { model: wanted.model, address: wanted.address, chunks, tokens, costUsd };
}

/**
 * Makes the vectors that chunks of the index lack, as the settings ask for them; `undefined` where they ask for none, or none is lacking.
 * Rejects with Failures (`budget_spent`, `bad_budget`, `no_key`, those of the server): what was made until then is kept.
 * One process at a time makes them: the next one makes what is lacking then.
 */
export async function embedLacking(
  index: WritableIndex,
  settings: Settings,
  { agree = async () => true, onWait = () => undefined }: EmbedHearing = {},
): Promise<MadeVectors | undefined> {
  await takeUpArrived(settings, index.vectors);
  const lacking = await missingPartsIn(index, settings);
  if (lacking === undefined) return undefined;
  assertEmbeddingPriced(settings);
  assertKey(settings);
  const forecast = forecastVectors(settings, lacking);
  if (forecast === undefined || !(await agree(forecast))) return undefined;
  return closeAfter(async (opened) => {
    const vectors = await vectorsToMake(settings, index.vectors, { onWait, opened });
    const wanted = await knownSpaceOf(index, settings);
    if (wanted === undefined) return undefined;
    const embedder = await openEmbedder(settings, { patient: false });
    opened.defer(async () => embedder.close());
    await limit(embedder, settings, opened);
    return embedChunks(vectors, embedder, wanted);
  });
}

/** `undefined` where the settings ask for no vectors, or none is lacking. */
async function missingPartsIn(index: WritableIndex, settings: Settings) {
  const wanted = await knownSpaceOf(index, settings);
  if (wanted === undefined) return undefined;
  const { dimensions } = wanted;
  const lacking = await index.vectors.lacking({ ...wanted, dimensions: dimensions ?? 0 });
  if (lacking.chunks > 0) return lacking;
  // Whoever made the last of them may have been killed before he said so.
  if (dimensions !== undefined) await index.vectors.answerBy({ ...wanted, dimensions });
  return undefined;
}

/** With the dimensions of the vectors that stand, where the settings leave them to the model. */
async function knownSpaceOf(index: WritableIndex, settings: Settings): Promise<WantedSpace | undefined> {
  const wanted = wantedSpaceOf(settings);
  if (wanted?.dimensions !== undefined || wanted === undefined) return wanted;
  const known = (await index.vectors.spaces()).find(({ model, asked }) => model === wanted.model && !asked);
  return { ...wanted, dimensions: known?.dimensions };
}

function assertKey(settings: Settings): void {
  const missing = missingKeyOf(settings);
  if (missing === undefined) return;
  throw new Failure(
    'fatal',
    'no_key',
    `Embeddings by ${settings.embeddings?.model} need a key: set ${missing}, or embeddings.baseUrl for a server of your own. Until then documents are found by their words.`,
  );
}

/** By what a run may spend, and by what all processes may spend in a day. */
async function limit(embedder: Embedder, settings: Settings, opened: AsyncDisposableStack): Promise<void> {
  const { maxTokens, maxCost, maxTokensPerDay, maxCostPerDay } = settings;
  const run = { tokens: maxTokens, costUsd: maxCost };
  const day = { tokens: maxTokensPerDay, costUsd: maxCostPerDay };
  const isOfDay = maxTokensPerDay !== undefined || maxCostPerDay !== undefined;
  const spending = isOfDay ? await spendingOf(settings, opened) : NO_SPENDING;
  const price = embeddingPriceOf(settings);
  const budget = new Budget({
    run: new Allowance(run),
    day: new DayAllowance({ spending, holder: randomUUID(), limit: day, persist: (write) => write() }),
    estimator: new CallEstimator((_, input) => embeddingCost(input, price) ?? 0, false),
  });
  opened.defer(() => budget.close());
  embedder.countIn(budget);
}

async function spendingOf(settings: Settings, opened: AsyncDisposableStack): Promise<SpendingRepository> {
  const namespace = namespaceOf(settings, false);
  const engine = await openEngine({ settings, namespace, mode: 'append', simulated: true });
  opened.defer(() => engine.close());
  return engine.store.spending;
}

/** Where no day is limited nobody asks what it has cost. */
const NO_SPENDING: SpendingRepository = {
  put: async () => undefined,
  total: async () => ({ spent: { tokens: 0, costUsd: 0 }, held: { tokens: 0, costUsd: 0 } }),
};
