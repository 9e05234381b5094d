import type { ReplyReading } from '../../../infra/journal/arrived-reply.ts';
import type { ChatModel } from '../../../stages/agent/chat-model.ts';
import type { LaneCache } from '../../../stages/lanes/lane-cache.ts';
import type { Step } from '../../../streams/work/step.ts';
import type { WorkId } from '../../../streams/work/work.ts';

/** What is known of the answers' askers: the recipes of lanes, the longest answers of models, the prices, and our secrets. */
export type AnswerReading = ReplyReading &
  Readonly<{
    lanes: Pick<LaneCache, 'get'>;
    longestAnswer: ChatModel['longestAnswer'];
    /** The steps that a work of the stage has made. */
    stepsOf?(stage: string, workId: WorkId): Promise<readonly Step[]>;
  }>;
