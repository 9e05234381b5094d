/** The five stages, in the order of the stream. */
export const STAGE_NAMES = ['questions', 'research', 'generation', 'review', 'storage'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** The stages that ask a model. */
export const AGENT_STAGES = ['research', 'generation', 'review'] as const;
export type AgentStage = (typeof AGENT_STAGES)[number];

/** Names of a namespace's topics: one per stage, what people decided, and the ledger of approved examples. */
export type Topics = Readonly<Record<StageName | 'verdicts' | 'dataset', string>>;

export function topicsOf(namespace: string): Topics {
  return {
    questions: `${namespace}.questions`,
    research: `${namespace}.research`,
    generation: `${namespace}.generation`,
    review: `${namespace}.review`,
    storage: `${namespace}.storage`,
    verdicts: `${namespace}.verdicts`,
    dataset: `${namespace}.dataset`,
  };
}

/** The consumer group of a stage: one group per stage, one topic per group. */
export function groupOf(namespace: string, stage: StageName | 'verdicts'): string {
  return `${namespace}.${stage}`;
}

export function isAgentStage(stage: string): stage is AgentStage {
  return AGENT_STAGES.some((agent) => agent === stage);
}
