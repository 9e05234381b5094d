import type { AddedStage } from '../../stages/added/added-stage.ts';
import type { Format } from '../../stages/formats/format.ts';
import type { AnyTrainingType } from '../../stages/training-types/training-type.ts';
import type { Extractor } from '../documents/extract/extractor.ts';
import type { IndexProvider } from '../documents/index/plugin/index-provider.ts';
import type { EngineProvider } from '../engines/engine-slot.ts';
import type { InputReader } from '../input/readers/input-reader.ts';
import type { OpenModel } from '../models/providers.ts';
import type { OwnTool } from '../tools/own/tool-definition.ts';
import type { SearchProvider } from '../tools/web-search/search-provider.ts';

/** Parts of one's own, under one name and one version: what lanes remember of who made their results. */
export type Plugin = Readonly<{
  /** As of a package: `@me/cards`. */
  name: string;
  version: string;
  trainingTypes?: readonly AnyTrainingType[];
  formats?: readonly Format[];
  /** Each with a place among ours. */
  stages?: readonly AddedStage[];
  /** Of files that are no lines of text. */
  readers?: readonly InputReader[];
  /** Who keeps log and store, for the setting `engine`. */
  engines?: readonly EngineProvider[];
  /** What research may look things up with. */
  tools?: readonly OwnTool[];
  /** Who searches the web, for the setting `lookUpTools.web`. */
  searchProviders?: readonly SearchProvider[];
  /** What makes texts of documents. */
  extractors?: readonly Extractor[];
  /** What documents are searched in, for the setting `index`. */
  indexes?: readonly IndexProvider[];
  /** Who opens models, by the prefix of their names: `mine` for `--model mine:large`. */
  models?: Readonly<Record<string, OpenModel>>;
}>;

/**
 * One of the setting `plugins`: a plugin, a function that makes one, or the name of a module whose default export is one of the
 * two. A name that begins with a dot is a path from the settings file; any other is that of a package.
 */
export type PluginEntry = Plugin | (() => Plugin | Promise<Plugin>) | string;

/** A plugin, for `plugins` of the settings. Nothing happens until it is registered. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
