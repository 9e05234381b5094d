import type { Command } from 'commander';
import { settingsOf } from '../../infra/config/flags/flags.ts';
import { assertNoLink } from '../../infra/config/flags/named-places.ts';
import { assertKnownName } from '../../infra/config/flags/stage-flag.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { fileTypeOf } from '../../infra/export/dataset-path.ts';
import { assertReplaceable } from '../../infra/files/replace-file.ts';
import { expandSources } from '../../infra/input/sources/expand-sources.ts';
import { type Origin, originsOf } from '../../infra/input/sources/hub/origins.ts';
import { type ExportFormat, exportFormatNamed } from '../../stages/formats/index.ts';
import { agentStages } from '../../stages/stage-names.ts';
import { trainingTypeNamed } from '../../stages/training-types/index.ts';
import { closeAfter } from '../../streams/closing.ts';
import { Failure } from '../../streams/failure.ts';
import { defaultFormat } from '../dataset/default-format.ts';
import { exportDataset } from '../dataset/export-dataset.ts';
import { shadowsBeside } from '../judges/shadow-lines.ts';
import { inputOptionsOf } from '../questions/input-flags.ts';
import { assertInputKept } from '../questions/keep-input.ts';
import { type QuestionFile, questionFile } from '../questions/question-file.ts';
import { servePage } from '../serve/serve-page.ts';
import { announce } from './announce.ts';
import type { Display } from './display/display.ts';
import { displayFor } from './display/display-for.ts';
import { whileShown } from './display/watch.ts';
import { estimate } from './estimate/print-estimate.ts';
import { RunProgressReader } from './progress/run-progress.ts';
import { type RunSummary, runQuestions } from './run.ts';
import { runExitCode } from './run-exit-code.ts';
import { type RunFlags, runContradictionIn, sampleSizeOf, targetOf } from './run-flags.ts';
import { assertNamesModel } from './session/open-data.ts';
import { openSession } from './session/open-session.ts';
import type { Session } from './session/session.ts';
import { drainOnSignals } from './session/signals.ts';
import { printSummary } from './summary.ts';

/** Does what `millrace run` was asked: opens files and session, works the questions, and writes the dataset. */
export async function runFiles(files: readonly string[], flags: RunFlags, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  if (flags.redo !== undefined) assertKnownName(agentStages(), [flags.redo]);
  const chosen = checked(settings, files, flags);
  assertNoLink('out', settings, command);
  const sources = await expandSources(files);
  const origins = sources.length === 0 ? undefined : await originsOf(sources);
  await assertInputKept(sources, settings.out);
  await assertReplaceable(settings.out);
  await closeAfter(async (opened) => {
    const display = await displayFor(flags);
    opened.defer(() => display.end());
    const note = (text: string) => display.note(text);
    const questions =
      sources.length === 0
        ? undefined
        : questionFile({ sources, input: inputOptionsOf(settings, flags), out: settings.out }, display);
    opened.defer(() => questions?.close());
    await questions?.look(flags.maxBad, flags.maxQuestions);
    const session = await openSession({
      settings,
      redo: flags.redo,
      newRecipe: flags.newRecipe,
      shadows: flags.estimate === undefined,
      onNotice: note,
    });
    opened.defer(() => session.close());
    announce(session, display);
    const page = await servePage(session, flags, note);
    opened.defer(() => page?.close());
    const signals = drainOnSignals(session.stop, note);
    opened.defer(() => signals.off());
    for (const { dataset, commit, license } of origins ?? [])
      note(`${dataset} at commit ${commit.slice(0, 12)}, licence ${license}`);
    const onWorked = () => signals.off();
    await runOrEstimate(session, { questions, origins, chosen, flags, display, onWorked });
  });
}

type Running = Readonly<{
  questions: QuestionFile | undefined;
  origins: readonly Origin[] | undefined;
  chosen: ExportFormat | undefined;
  flags: RunFlags;
  display: Display;
  onWorked(): void;
}>;

async function runOrEstimate(
  session: Session,
  { questions, origins, chosen, flags, display, onWorked }: Running,
): Promise<void> {
  const { settings } = session;
  const size = sampleSizeOf(flags);
  if (size !== undefined && questions !== undefined) {
    const { summary } = await estimate(session, questions, { size, flags, display });
    if (summary.interrupted) process.exitCode = runExitCode(summary, false);
    return;
  }
  const summary = await work(session, questions, flags, display).finally(onWorked);
  if (!summary.interrupted) questions?.assertRead();
  const { store } = session.engine;
  const query = {
    lane: session.lane.name,
    verdict: 'approved',
    // A run that asks nothing new completes the lane's dataset: it never replaces it by its own few.
    ...(questions === undefined ? {} : { run: summary.run }),
  } as const;
  const exported = await exportDataset(store, {
    query,
    out: settings.out,
    format: chosen ?? (await defaultFormat(store.reports, query)),
    fileType: fileTypeOf(settings.out),
    simulated: session.simulated,
    license: settings.license,
    language: settings.language,
    origins,
    filter: { contextTurn: settings.contextTurn },
    stopped: summary.interrupted || summary.open > 0,
    target: targetOf(flags),
    // With a target, fewer may be written than were approved.
    expected: flags.target === undefined ? summary.counts.approved : undefined,
    onProgress: (progress) => display.writing(progress),
  });
  display.end();
  const shadows = await shadowsBeside(session, (text) => display.note(text));
  printSummary({ summary, exported, rejects: questions?.rejects(), shadows, flags });
  process.exitCode = runExitCode(summary, questions !== undefined && exported.dataset.written === 0);
}

function work(
  session: Session,
  questions: QuestionFile | undefined,
  flags: RunFlags,
  display: Display,
): Promise<RunSummary> {
  const worked = whileShown(session, display, (onStarted) => {
    const running = runQuestions(session, {
      asked: questions?.asked(),
      input: questions?.name ?? 'dead letters',
      maxQuestions: flags.maxQuestions,
      target: targetOf(flags),
      redo: flags.redo,
      retryFailed: flags.retryFailed,
      onNotice: (text) => display.note(text),
      onStarted: (id) => onStarted(new RunProgressReader(session, id)),
    });
    return session.within(running);
  });
  return worked.finally(() => questions?.close());
}

function checked(settings: Settings, files: readonly string[], flags: RunFlags): ExportFormat | undefined {
  trainingTypeNamed(settings.trainingType);
  if (files.length === 0 && flags.retryFailed === true) assertNamesModel(settings);
  if (files.length === 0 && flags.retryFailed !== true) {
    const message = 'Which questions? Name a file, or - for standard input: millrace run questions.jsonl';
    throw new Failure('fatal', 'no_questions', message);
  }
  const contradiction = runContradictionIn(files[0], flags);
  if (contradiction !== undefined) throw new Failure('fatal', 'bad_flags', contradiction);
  return settings.format === undefined ? undefined : exportFormatNamed(settings.format);
}
