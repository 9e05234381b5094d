import type { Logger } from 'pino';
import { badPlugin } from '../../stages/registry/slot.ts';
import type { Store } from '../../stages/store/store.ts';
import type { AlarmSink } from '../../streams/alarms.ts';
import { openAll } from '../../streams/closing.ts';
import { errorText, Failure } from '../../streams/failure.ts';
import { isSimulated } from '../config/model/is-simulated.ts';
import type { Settings } from '../config/settings.ts';
import { finderOf } from '../documents/index/of-settings.ts';
import { TimedFinder } from '../documents/index/timed-finder.ts';
import { QueryEmbedders } from '../documents/vectors/query-embedders.ts';
import { VectorFinder } from '../documents/vectors/vector-finder.ts';
import { openTraces } from '../traces/open-traces.ts';
import type { Engine, EngineMode, OpenedEngine } from './engine.ts';
import { engineSlot } from './engine-slot.ts';
import type { KafkaLogAdmin } from './kafka/log-admin.ts';
import { openEmbedded } from './sqlite/engine.ts';

export type OpenEngineOptions = Readonly<{
  settings: Settings;
  namespace: string;
  mode: EngineMode;
  logger?: Logger | undefined;
  /** Whether a simulated model plays the agents: then documents are searched by words alone. Default: as the settings say. */
  simulated?: boolean | undefined;
  /** Hears of consumers in trouble. */
  alarms?: AlarmSink | undefined;
  /** Hears what a person should know, such as what is waited for. */
  onNotice?: ((text: string) => void) | undefined;
}>;

/**
 * The engine that the settings name: that of a plugin, else Kafka and MongoDB where they are given, the embedded one for what is
 * not. Rejects with Failures that say what to do (`unknown_engine`, `bad_plugin` …).
 */
export async function openEngine(options: OpenEngineOptions): Promise<OpenedEngine> {
  const { settings, mode, logger } = options;
  return openAll(async (opened) => {
    const onTrouble = (text: string) => logger?.warn(text);
    const traces = mode === 'read' ? undefined : await openTraces({ settings, onTrouble });
    opened.defer(() => traces?.close());
    const engine = await openNamed(options);
    opened.defer(() => engine.close());
    // A simulated run searches the documents of the real one.
    const isBeside = engine.finder === undefined || settings.index !== undefined;
    const beside = isBeside ? await finderOf(settings) : undefined;
    opened.defer(() => beside?.close());
    const embedders = beside === undefined ? undefined : await openEmbedders(options, engine.store);
    opened.defer(() => embedders?.close());
    const byVectors =
      beside &&
      embedders &&
      new VectorFinder({
        search: beside,
        embedderOf: (space) => embedders.of(space),
        kept: embedders.kept,
      });
    const finder = byVectors ?? beside ?? engine.finder;
    const close = () => opened.disposeAsync();
    return {
      ...engine,
      log: traces?.ofLog(engine.log) ?? engine.log,
      finder: finder && new TimedFinder(finder),
      embedders,
      traces: traces ?? engine.traces,
      close,
      [Symbol.asyncDispose]: close,
    };
  });
}

/** Nothing is asked of them before the first search. */
async function openEmbedders(
  { settings, simulated = isSimulated(settings) }: OpenEngineOptions,
  { lookUps }: Store,
): Promise<QueryEmbedders | undefined> {
  return settings.embeddings === undefined || simulated ? undefined : QueryEmbedders.open(settings, lookUps);
}

async function openNamed(options: OpenEngineOptions): Promise<Engine> {
  const { settings, namespace, mode, onNotice = () => undefined } = options;
  if (settings.engine === undefined) return openUntraced(options);
  const { data, partitions } = settings;
  const { name, open } = engineSlot.named(settings.engine, 'unknown_engine');
  const usual = () => openUntraced(options);
  const source = engineSlot.sourceOf(name) ?? { name, version: '' };
  const engine: unknown = await Promise.resolve()
    .then(() => open({ namespace, mode, data, partitions, usual, onNotice }))
    .catch((error: unknown) => {
      const isOurs = source.version === '';
      if (error instanceof Failure || isOurs) throw error;
      throw badPlugin(source, `the engine ${name} could not open: ${errorText(error)}`, error);
    });
  if (isEngine(engine)) return plain(engine);
  const expected = 'expected open to give { log, store, admin, partitions, close }';
  throw badPlugin(source, `the engine ${name}: ${expected}`);
}

/** An object of a class is more than the properties of its own, which are all that a copy takes along. */
function plain(engine: Engine): Engine {
  const { log, store, admin, partitions, finder, traces } = engine;
  return { log, store, admin, partitions, finder, traces, close: () => engine.close() };
}

function isEngine(engine: unknown): engine is Engine {
  if (typeof engine !== 'object' || engine === null) return false;
  return ['log', 'store', 'admin', 'partitions', 'close'].every((member) => member in engine);
}

async function openUntraced(options: OpenEngineOptions): Promise<Engine> {
  const { settings, namespace, mode } = options;
  const { kafka, mongo, data } = settings;
  const needsEmbedded = kafka === undefined || mongo === undefined;
  return openAll(async (opened) => {
    const embedded = needsEmbedded ? await openEmbedded({ data, namespace, mode }) : undefined;
    opened.defer(() => embedded?.close());
    const store =
      mongo === undefined ? embedded?.store : opened.adopt(await openMongo(mongo, options), closed);
    const topics = kafka === undefined ? embedded : opened.adopt(await openKafka(options, kafka), closed);
    if (topics === undefined || store === undefined) throw noEngine();
    const { log, admin } = topics;
    const partitions = kafka === undefined ? 1 : settings.partitions;
    return { log, admin, store, partitions, close: () => opened.disposeAsync() };
  });
}

function closed(opened: Readonly<{ close(): Promise<void> }>): Promise<void> {
  return opened.close();
}

// Both clients are large: who works on one machine need not load them.
async function openMongo(uri: string, options: OpenEngineOptions): Promise<Store> {
  const { openMongoStore } = await import('./mongo/store.ts');
  const { namespace, logger, settings, mode, onNotice } = options;
  return openMongoStore({
    uri,
    namespace,
    leaseMs: settings.leaseMs,
    works: mode === 'consume',
    onNotice: (text) => {
      logger?.warn(text);
      onNotice?.(text);
    },
  });
}

/** The log on the Kafka at that address, by the login of the settings. Connects when it is first asked. */
export async function openKafka(
  {
    settings,
    logger,
    alarms,
    onNotice,
    mode,
  }: Omit<OpenEngineOptions, 'namespace' | 'mode'> & Readonly<{ mode?: EngineMode }>,
  bootstrap: string,
): Promise<Pick<Engine, 'log' | 'close'> & Readonly<{ admin: KafkaLogAdmin }>> {
  const [{ KafkaLog }, { KafkaLogAdmin }, { kafkaClient }, { kafkaSecurity }, { mixedUpBrokers }] =
    await Promise.all([
      import('./kafka/log.ts'),
      import('./kafka/log-admin.ts'),
      import('./kafka/client.ts'),
      import('./kafka/security.ts'),
      import('./kafka/mixed-up-brokers.ts'),
    ]);
  const brokers = bootstrap.split(',').map((broker) => broker.trim());
  const client = { clientId: 'millrace', brokers, ...(await kafkaSecurity(settings)) };
  const { replicationFactor, kafkaSessionTimeoutMs } = settings;
  const kafka = kafkaClient(client, logger);
  const mixedUp = () => mixedUpBrokers(brokers);
  const log = new KafkaLog({
    ...{ kafka, mixedUp, works: mode === 'consume' },
    replicationFactor,
    tuning: { sessionTimeoutMs: kafkaSessionTimeoutMs },
    ...(alarms === undefined ? {} : { alarms }),
    onNotice: (text) => {
      logger?.warn(text);
      onNotice?.(text);
    },
  });
  const admin = new KafkaLogAdmin(kafka, (topic, records) => log.publish(topic, records), mixedUp);
  const close = async () => {
    await Promise.all([log.close(), admin.close()]);
  };
  return { log, admin, close };
}

function noEngine(): Failure {
  const message = 'Neither Kafka nor a data directory is there to keep the topics.';
  return new Failure('fatal', 'bad_setting', message);
}
