import { Command } from 'commander';
import { isSimulated } from '../../infra/config/model-settings.ts';
import { openEngine } from '../../infra/open-engine.ts';
import { pipelineTopics } from '../../pipeline.ts';
import { intake } from '../../runs/intake.ts';
import { newRunId } from '../../runs/run.ts';
import { namespaceOf } from '../../runs/session.ts';
import { StopController } from '../../runs/stop-controller.ts';
import { MAIN_LANE } from '../../stages/lane.ts';
import { addDataFlags, settingsOf } from '../flags.ts';
import { plural } from '../format.ts';
import { questionFile } from '../run/question-file.ts';
import { drainOnSignals } from '../run/signals.ts';

/** `millrace ingest`: questions into the first topic, for workers to work. */
export function ingestCommand(): Command {
  const command = new Command('ingest')
    .summary('put questions in, for workers to work')
    .description('Publishes questions to the first topic, and ends. Workers take them from there.')
    .argument('<file>', 'questions: .jsonl, .json, .csv or .txt; - for standard input')
    .option('--topic <name>', 'subject of the questions that name none')
    .option('--sub-topic <name>', 'narrower subject')
    .option('--training-type <name>', 'sft, reasoning, conversation or dpo (default: sft)');
  return addDataFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ millrace ingest questions.jsonl --kafka localhost:9092 --mongo mongodb://localhost:27017
  $ tail -f questions.txt | millrace ingest - --kafka … --mongo …`,
    )
    .action((file: string) => ingest(file, command));
}

async function ingest(file: string, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  const namespace = namespaceOf(settings, isSimulated(settings));
  const note = (text: string) => process.stderr.write(`${text}\n`);
  const engine = await openEngine({ settings, namespace, mode: 'append' });
  const stop = new StopController();
  const signals = drainOnSignals(stop, note);
  const questions = questionFile(file, settings, { show: () => undefined, note, end: () => undefined });
  try {
    await engine.log.ensureTopics(pipelineTopics(namespace, engine.partitions));
    const run = newRunId();
    const startedAt = new Date().toISOString();
    await engine.store.runs.open({ id: run, lane: MAIN_LANE, startedAt, input: questions.name });
    const common = { log: engine.log, namespace, lane: { name: MAIN_LANE }, run, stop: stop.signals };
    const { published } = await intake(questions.asked(), common);
    process.stdout.write(`${plural(published, 'question')} accepted as ${run}.\n`);
    const rejects = questions.rejects();
    if (rejects !== undefined)
      process.stdout.write(`${plural(rejects.count, 'bad line')} kept in ${rejects.path}.\n`);
  } finally {
    signals.off();
    await questions.close();
    await engine.close();
  }
}
