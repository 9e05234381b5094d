import { Failure, type UnusableReply } from '../../../streams/failure.ts';

/**
 * A failure of kind `content`: an answer came that cannot be used. It keeps the answer, which was paid for.
 * @param final whether nothing would come of asking again.
 */
export function unusableAnswer(
  { text, finishReason, model, usage, costUsd }: UnusableReply,
  code: string,
  message: string,
  final = false,
): Failure {
  const facts = { reply: { text, finishReason, model, usage, costUsd } };
  return new Failure('content', code, message, final ? { ...facts, final } : facts);
}
