import type { Logger } from 'pino';
import type { ToolsTold } from '../../../stages/research/tool-support.ts';
import type { AlarmSink } from '../../../streams/alarms.ts';

type Told = Readonly<{ alarms: AlarmSink; logger: Logger; onNotice: (text: string) => void }>;

/** What people are told of models that do not call tools: an alarm where one cannot, a notice where one does not. */
export function toolNotices({ alarms, logger, onNotice }: Told): ToolsTold {
  return {
    onUnable: (model) =>
      alarms.raise(
        'tools_unsupported',
        model,
        `The model ${model} cannot call tools: it answers from what Millrace finds for it.`,
      ),
    onUnused: (model) => {
      const text = `${model} answered five questions in a row and looked nothing up itself.`;
      logger.warn({ model, code: 'tools_unused' }, text);
      onNotice(`${text}\n${WHAT_TO_DO}`);
    },
  };
}

const WHAT_TO_DO = `  If what stands in front is enough: --research sources. If not: fewer pieces
  there (piecesInFront), or a model that calls tools. Said once.`;
