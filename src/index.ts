// Turning questions into examples

export type { RunProgress, StageProgress } from './features/run/progress/run-progress.ts';
export type { RunSummary } from './features/run/run.ts';
export type { AddOptions } from './features/sources/add-source.ts';
export type { FollowOptions } from './features/sources/follow-source.ts';
export type { Added } from './features/sources/read-source.ts';
// Parts of your own
export { type Config, defineConfig } from './infra/config/define-config.ts';
export {
  defineExtractor,
  type Extract,
  type ExtractedDocument,
  type Extractor,
} from './infra/documents/extract/extractor.ts';
export {
  type BroughtIndex,
  defineIndex,
  type IndexedDocument,
  type IndexHit,
  type IndexProvider,
} from './infra/documents/index/plugin/index-provider.ts';
export type { Engine, EngineMode } from './infra/engines/engine.ts';
export type { EngineContext, EngineProvider } from './infra/engines/engine-slot.ts';
export type { InputReader, InputSource, ReadRow } from './infra/input/readers/input-reader.ts';
// A model of your own
export type { ModelContext, OpenModel, ProvidedModel, ProvidedReply } from './infra/models/providers.ts';
export { definePlugin, type Plugin, type PluginEntry } from './infra/plugins/plugin.ts';
// Look-ups of your own
export { defineTool } from './infra/tools/own/define-tool.ts';
export type {
  OwnTool,
  ToolDefinition,
  ToolRunContext,
  ToolRunResult,
} from './infra/tools/own/tool-definition.ts';
export {
  defineSearchProvider,
  type SearchContext,
  type SearchHit,
  type SearchProvider,
} from './infra/tools/web-search/search-provider.ts';
export { type Generated, type GenerateOptions, generateSyntheticData } from './library/generate.ts';
export type { PipelineOptions, QuestionInput } from './library/options.ts';
export { type ContinuousOptions, createPipeline, type Pipeline } from './library/pipeline.ts';
// Putting questions in for workers elsewhere
export { createProducer, type Producer, type ProducerOptions } from './library/producer.ts';
// What a run tells
export type { PipelineError, PipelineProgress } from './library/progress.ts';
export { type ReadDatasetOptions, readDataset } from './library/read-dataset.ts';
// Documents that answers rest on
export { createSources, type Sources, type SourcesOptions } from './library/sources.ts';
export {
  type AddedStage,
  defineStage,
  type Next,
  type StageDecision,
  type StageDefinition,
  type StageMessage,
} from './stages/added/added-stage.ts';
export type { ChatMessage, ChatModel, ChatReply, ChatRequest } from './stages/agent/chat-model.ts';
// What comes out
export type { Evidence, Passage } from './stages/evidence/piece.ts';
export type { Example, Research, Review } from './stages/example.ts';
export { defineFormat, type Format, type FormatDefinition } from './stages/formats/format.ts';
export { type ExportFormat, exportFormats, exportLine, exportLines } from './stages/formats/index.ts';
export type { Pair, Turn } from './stages/formats/turn.ts';
export { trainingTypes } from './stages/training-types/index.ts';
export {
  type AnyTrainingType,
  defineTrainingType,
  type TrainingType,
} from './stages/training-types/training-type.ts';
export { Failure, type FailureFacts, type FailureKind, type Usage } from './streams/failure.ts';
