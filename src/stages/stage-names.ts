import { type AgentStage, agentRows, type OurStage, type StageName, stageRows } from './table.ts';

export type { AgentStage, StageName };

/** The stages of this process, in the order of the stream. */
export function stageNames(): readonly StageName[] {
  return stageRows().map(({ name }) => name);
}

/** The stages that ask a model, in the order of the stream. */
export function agentStages(): readonly AgentStage[] {
  return agentRows().map(({ name }) => name);
}

/** The stage of that name; `undefined` for a name that is none. */
export function stageNamed(text: string): StageName | undefined {
  return stageNames().find((name) => name === text);
}

/** The agent of that name; `undefined` for a name that is none. */
export function agentNamed(text: string): AgentStage | undefined {
  return agentStages().find((name) => name === text);
}

export function byStage<Value>(of: (stage: StageName) => Value): Readonly<Record<StageName, Value>> {
  return Object.fromEntries(stageNames().map((stage) => [stage, of(stage)])) as Record<StageName, Value>;
}

export function byAgent<Value>(of: (stage: AgentStage) => Value): Readonly<Record<AgentStage, Value>> {
  return Object.fromEntries(agentStages().map((stage) => [stage, of(stage)])) as Record<AgentStage, Value>;
}

/** What has a topic that is worked: the stages, and what people decided. */
export type WorkedName = StageName | 'verdicts';

export function workedNames(): readonly WorkedName[] {
  return [...stageNames(), 'verdicts'];
}

/** Names of a namespace's topics: one per stage of ours, what people decided, and the ledger of approved examples. */
export type Topics = Readonly<Record<OurStage | 'verdicts' | 'dataset', string>>;

export function topicsOf(namespace: string): Topics {
  const named = (name: WorkedName | 'dataset') => topicOf(namespace, name);
  return {
    questions: named('questions'),
    research: named('research'),
    generation: named('generation'),
    review: named('review'),
    storage: named('storage'),
    verdicts: named('verdicts'),
    dataset: named('dataset'),
  };
}

export function topicOf(namespace: string, name: WorkedName | 'dataset'): string {
  return `${namespace}.${name}`;
}

/** The consumer group of a stage: one group per stage, one topic per group. */
export function groupOf(namespace: string, stage: WorkedName): string {
  return `${namespace}.${stage}`;
}
