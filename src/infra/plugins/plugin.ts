import type { Format } from '../../stages/formats/format.ts';
import type { AnyTrainingType } from '../../stages/training-types/training-type.ts';

/** Parts of one's own, under one name and one version: what lanes remember of who made their results. */
export type Plugin = Readonly<{
  /** As of a package: `@me/cards`. */
  name: string;
  version: string;
  trainingTypes?: readonly AnyTrainingType[];
  formats?: readonly Format[];
}>;

/** A plugin, for `plugins` of the settings. Nothing happens until it is registered. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
