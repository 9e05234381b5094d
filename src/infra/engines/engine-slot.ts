import { Slot } from '../../stages/registry/slot.ts';
import type { Engine, EngineMode } from './engine.ts';

/** What an engine is opened for. */
export type EngineContext = Readonly<{
  /** Prefix of topics, and name of the data: what is in one namespace is in no other. */
  namespace: string;
  mode: EngineMode;
  /** Directory of this process's own files. */
  data: string;
  /** Partitions of a topic that is made. */
  partitions: number;
  /** Opens what the settings name without an engine of a plugin: the embedded one, or Kafka and MongoDB. */
  usual(): Promise<Engine>;
  /** Tells a person something, such as what is waited for. */
  onNotice(text: string): void;
}>;

/** Who opens a log and a store that belong together. Chosen by the setting `engine`. */
export type EngineProvider = Readonly<{
  name: string;
  open(context: EngineContext): Promise<Engine>;
}>;

const usual = (name: string): EngineProvider => ({ name, open: (context) => context.usual() });

/** Where engines are registered. Ours go by the settings `kafka` and `mongo`. */
export const engineSlot = new Slot<EngineProvider>({
  noun: 'engine',
  faultIn: (part) =>
    typeof Object(part).open === 'function'
      ? undefined
      : 'open: expected a function that opens log and store',
  own: [usual('embedded'), usual('servers')],
});
