import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { addSettingFlags } from '../../infra/config/flags/setting-flags.ts';
import { isSimulated } from '../../infra/config/model/is-simulated.ts';
import type { Engine } from '../../infra/engines/engine.ts';
import { openEngine } from '../../infra/engines/open-engine.ts';
import { isSameFile } from '../../infra/files/is-same-file.ts';
import { followQuestions } from '../../infra/input/follow-questions.ts';
import type { QuestionReader } from '../../infra/input/read-inputs.ts';
import { expandSources } from '../../infra/input/sources/expand-sources.ts';
import { EXIT } from '../../infra/terminal/exit-code.ts';
import { plural } from '../../infra/terminal/format.ts';
import { note, printFound } from '../../infra/terminal/print.ts';
import { untilAborted } from '../../infra/terminal/until-aborted.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { pipelineTopics } from '../../stages/pipeline.ts';
import { Failure } from '../../streams/failure.ts';
import { persistThrough } from '../../streams/work/persist.ts';
import { openRun } from '../run/open-run.ts';
import { SIMULATED_INTAKE } from '../run/session/open-data.ts';
import { namespaceOf } from '../run/session/session.ts';
import { drainOnSignals } from '../run/session/signals.ts';
import { StopController } from '../run/session/stop-controller.ts';
import { ingestProgress } from './ingest-progress.ts';
import { addInputFlags, INPUT_HELP, type InputFlags, inputOptionsOf } from './input-flags.ts';
import { intake } from './intake.ts';
import { rejectsPathOf } from './keep-input.ts';
import { type QuestionFile, questionFile, type Rejects, rejectsText } from './question-file.ts';
import { reportDuplicates } from './report-duplicates.ts';
import { eachWithFields, fieldsOfMain } from './with-fields.ts';

type IngestFlags = InputFlags & Readonly<{ follow?: boolean; quiet?: boolean; json?: boolean }>;

/** `millrace ingest`: questions into the first topic, for workers to work. */
export function ingestCommand(): Command {
  const command = new Command('ingest')
    .description(
      'Publishes questions to the first topic, and ends. Workers take them from there. Publishing the same questions again costs nothing.',
    )
    .argument('<files...>', INPUT_HELP)
    .option('--follow', 'go on with every line that is added to the file, as tail -F does, until stopped');
  addSettingFlags(command, 'topic', 'subTopic', 'trainingType', 'otlpEndpoint')
    .option('--quiet', 'no progress')
    .option('--json', 'the summary as JSON');
  return addDataFlags(addInputFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ millrace ingest questions.jsonl --kafka … --mongo …
  $ millrace ingest questions.jsonl --follow --kafka … --mongo …
  $ some-source | millrace ingest - --kafka … --mongo …`,
    )
    .action((files: readonly string[], flags: IngestFlags) => ingest(files, flags, command));
}

async function ingest(files: readonly string[], flags: IngestFlags, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  const simulated = isSimulated(settings);
  const namespace = namespaceOf(settings, simulated);
  const stop = new StopController();
  const follow = flags.follow === true && files[0] !== '-';
  const sources = await sourcesOf(files, follow, settings.out);
  const questions = questionFile(
    {
      sources,
      input: inputOptionsOf(settings, flags),
      out: settings.out,
      read: follow ? following(stop) : undefined,
    },
    { note },
  );
  const engine = await openEngine({ settings, namespace, mode: 'append' });
  const signals = drainOnSignals(stop, note, 'Stopping: what was read is acknowledged first.');
  try {
    await engine.log.ensureTopics(pipelineTopics(namespace, engine.partitions));
    if (simulated) note(SIMULATED_INTAKE);
    const quiet = flags.quiet === true;
    const { run, published } = await putIn({ engine, namespace, questions, stop, quiet });
    const rejects = questions.rejects();
    const put = { run, namespace, simulated, accepted: published };
    const summary = { ...put, ...(rejects === undefined ? {} : { rejects }) };
    printFound(flags, summary, () => summaryText(summary));
    if (stop.signals.draining.aborted) {
      if (!follow) process.exitCode = EXIT.interrupted;
    } else questions.assertRead();
  } finally {
    signals.off();
    await questions.close();
    await engine.close();
    // A read that still waits would keep the process.
    if (sources.includes('-')) process.stdin.destroy();
  }
}

/** What is read: one file where it is followed, which need not be there yet. */
async function sourcesOf(files: readonly string[], follow: boolean, out: string): Promise<readonly string[]> {
  if (follow && files.length > 1)
    throw new Failure('fatal', 'bad_flags', '--follow reads one file: name it alone.');
  const sources = follow ? files : await expandSources(files);
  for (const file of sources) {
    if (await isSameFile(file, rejectsPathOf(out))) {
      const message = `${file} is where bad lines go: name another place with --config or MILLRACE_OUT.`;
      throw new Failure('fatal', 'bad_out', message);
    }
  }
  return sources;
}

function following({ signals }: StopController): QuestionReader {
  return (file, options) => followQuestions(file, { ...options, signal: signals.draining, onNotice: note });
}

type PutIn = Readonly<{
  engine: Engine;
  namespace: string;
  questions: QuestionFile;
  stop: StopController;
  quiet: boolean;
}>;

async function putIn({ engine, namespace, questions, stop, quiet }: PutIn) {
  const run = await openRun(engine.store.runs, MAIN_LANE, questions.name);
  const { draining } = stop.signals;
  const progress = ingestProgress(quiet);
  try {
    const named = eachWithFields(questions.asked(), await fieldsOfMain(engine.store.lanes));
    const asked = reportDuplicates(named, note);
    const { published } = await intake(untilAborted(asked, draining), {
      log: engine.log,
      namespace,
      lane: { name: MAIN_LANE },
      run,
      stop: stop.signals,
      // Nobody need wait for a broker at the end: what is not acknowledged is put in by the next start.
      persist: persistThrough({ draining, aborted: draining }, progress.onWait),
      onAccepted: progress.onAccepted,
    });
    return { run, published };
  } finally {
    progress.end();
  }
}

type Summary = Readonly<{ run: string; accepted: number; rejects?: Rejects }>;

function summaryText({ run, accepted, rejects }: Summary): string {
  const bad = rejects === undefined ? [] : [rejectsText(rejects)];
  return [`${plural(accepted, 'question')} accepted as ${run}.`, ...bad].join('\n');
}
