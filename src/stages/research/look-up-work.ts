import type { AskedParts } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import type { PieceFinder } from '../evidence/finder.ts';
import type { LookUp } from '../lanes/recipe.ts';
import type { Question } from '../question.ts';
import type { OfferedTool } from './look-up-call.ts';
import type { ToolSupport } from './tool-support.ts';

/** A question whose research looks things up, and what with. */
export type LookUpWork = Readonly<{
  how: Exclude<LookUp, { mode: 'none' }>;
  finder: PieceFinder | undefined;
  model: ChatModel;
  asked: AskedParts;
  question: Question;
  drive: number;
  /** None in mode `sources`. */
  tools: ReadonlyMap<string, OfferedTool>;
  /** Which models call tools, as far as this process knows. */
  support: ToolSupport;
  /** Answers in a row that cannot be used, before the work dies of them. */
  maxContentAttempts: number;
}>;
