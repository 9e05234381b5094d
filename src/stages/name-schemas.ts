import { z } from 'zod';
import { type AgentStage, agentStages, type StageName, stageNames } from './stage-names.ts';
import { type Status, statuses } from './status.ts';

/** One of some names, as they are when it is asked or shown: a process may add stages when it starts. */
function oneOf<Name extends string>(names: () => readonly Name[]) {
  const error = () => `Invalid option: expected one of ${names().map(quoted).join('|')}`;
  return z
    .string()
    .refine((text): text is Name => names().some((name) => name === text), { error })
    .meta({
      get enum() {
        return names();
      },
    });
}

/** The same of what is shown, where also a name may stand that this process does not have. */
function shown(names: () => readonly string[]) {
  return z.string().meta({
    get enum() {
      return names();
    },
  });
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

export const stageNameSchema = oneOf<StageName>(stageNames);
/** The name of a stage that asks a model. */
export const agentNameSchema = oneOf<AgentStage>(agentStages);
/** Where a question can stand. */
export const statusSchema = oneOf<Status>(statuses);

/** Where a question stands, as it is shown. */
export const shownStatusSchema = shown(statuses);

/** A stage and a status as they were stored: the process that reads them may not have that stage. */
export const storedStageSchema = z.string().transform((name) => name as StageName);
export const storedStatusSchema = z.string().transform((name) => name as Status);

export function ofEachStage<Value extends z.ZodType>(value: Value) {
  return ofEach(z.record(stageNameSchema, value), stageNames);
}

export function ofEachAgent<Value extends z.ZodType>(value: Value) {
  return ofEach(z.record(agentNameSchema, value), agentStages);
}

export function ofEachStatus<Value extends z.ZodType>(value: Value) {
  return ofEach(z.record(shownStatusSchema, value), statuses);
}

function ofEach<Of extends z.ZodType>(record: Of, names: () => readonly string[]) {
  return record.meta({
    get required() {
      return names();
    },
  });
}
