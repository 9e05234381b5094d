import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { fitted } from '../../infra/terminal/fitted.ts';
import { count, money, plural, printable, printableJson, scoreText } from '../../infra/terminal/format.ts';
import { print } from '../../infra/terminal/print.ts';
import { researchSchema } from '../../stages/example.ts';
import type { Submission } from '../../stages/question.ts';
import type { StoredDecision } from '../../stages/store/review-queue-repository.ts';
import type { ShadowVerdict } from '../../stages/store/shadow-repository.ts';
import type { History, Store, StoredWork } from '../../stages/store/store.ts';
import { Failure } from '../../streams/failure.ts';
import type { Step } from '../../streams/work/step.ts';
import { openData, SIMULATED_NOTE } from '../run/session/open-data.ts';
import { researchLines } from './evidence-text.ts';
import { historiesById } from './histories-by-id.ts';
import { matchesText } from './matches-text.ts';
import { besideHistory, withCalls } from './steps/steps-of.ts';
import { stepLines } from './steps/steps-text.ts';

const MAX_SHOWN_RESULT = 1_500;

/** `millrace show`: one question's whole story. */
export function showCommand(): Command {
  const command = new Command('show')
    .description(
      'A question’s whole history: each stage, attempt, model, prompt version, tokens, cost and verdict.',
    )
    .argument('<id>', 'the id of a question, ours or yours, or the beginning of one')
    .option('--steps', 'with every turn and look-up of its research')
    .option('--json', 'as JSON');
  return addDataFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((id: string, flags: ShowFlags) => show(id, flags, command));
}

const EXAMPLES = `
Examples:
  $ millrace show 3fa2
  $ millrace show my-question-17
  $ millrace show 3fa2 --steps
  $ millrace show 3fa2 --json | jq .works

Where several questions are meant, they are listed.`;

type ShowFlags = Readonly<{ json?: boolean; steps?: boolean }>;

async function show(id: string, flags: ShowFlags, command: Command): Promise<void> {
  await using data = await openData(await settingsOf(command));
  const { engine, simulated } = data;
  const histories = await historiesById(engine.store.reports, id);
  if (histories.length === 0) {
    const message = `No question's id begins with ${printable(id)}, neither its own nor one that you gave. Ids stand in: millrace export --format record`;
    throw new Failure('fatal', 'bad_question_id', message);
  }
  if (flags.json !== true && histories.some(({ questionId }) => questionId !== histories[0]?.questionId)) {
    print(fitted(matchesText(id, histories)));
    return;
  }
  const stories = await Promise.all(histories.map((each) => storyOf(engine.store, each, flags.steps)));
  const text =
    flags.json === true ? stories.map(asJson).join('\n') : fitted(stories.map(historyText).join('\n\n'));
  print(`${simulated && flags.json !== true ? `${SIMULATED_NOTE}\n\n` : ''}${text}`);
}

type Story = History &
  Readonly<{
    decisions: readonly StoredDecision[];
    shadows: readonly ShadowVerdict[];
    /** Absent: nobody asked for them. */
    steps?: readonly Step[];
  }>;

async function storyOf(store: Store, history: History, withSteps = false): Promise<Story> {
  const { steps, decisions, verdicts: shadows } = await besideHistory(store, history);
  const works = withCalls(history.works, steps);
  return { ...history, works, decisions, shadows, ...(withSteps ? { steps: steps.flat() } : {}) };
}

/** A question's history as a person reads it. */
export function historyText({
  lane,
  questionId,
  status,
  question,
  submissions,
  works,
  decisions,
  shadows,
  deadLetters,
  steps,
}: Story): string {
  const { topic, subTopic, trainingType } = question;
  const labels = [trainingType, topic, subTopic]
    .filter((label) => label !== '')
    .map((label) => printable(label));
  return [
    `${questionId} (lane ${lane}): ${status}`,
    `  ${printable(question.text, 500)}`,
    `  ${labels.join(' / ')}`,
    ...submissions.map(askerText),
    ...works.map(workText),
    ...(steps === undefined ? [] : stepTexts(steps)),
    ...shadows.map(shadowText),
    ...decisions.map(decisionText),
    ...deadLetters.map(
      ({ stage, kind, code, message }) =>
        `  dead letter in ${stage}, ${kind}/${code}: ${printable(message, 300)}`,
    ),
  ].join('\n');
}

function stepTexts(steps: readonly Step[]): readonly string[] {
  if (steps.length === 0) return ['  no steps: its research is one call'];
  return ['  steps:', ...steps.flatMap(stepLines)];
}

function askerText({ run, id, metadata }: Submission): string {
  const as = id === undefined ? '' : ` as ${printable(id)}`;
  const beside = metadata === undefined ? '' : `, with ${printable(JSON.stringify(metadata), 500)}`;
  return `  asked by ${printable(run)}${as}${beside}`;
}

function shadowText({ shadow, revision, verdict, score, live, liveScore, feedback }: ShadowVerdict): string {
  const why = feedback === '' ? '' : `: ${printable(feedback, 300)}`;
  return `  shadow ${shadow}, revision ${revision}: ${verdict} ${scoreText(score)} (the judge: ${live} ${scoreText(liveScore)})${why}`;
}

function decisionText({ revision, reviewer, verdict, reason, at, undone }: StoredDecision): string {
  const why = reason === '' ? '' : `: ${printable(reason, 300)}`;
  return `  ${verdict} of revision ${revision} by ${printable(reviewer, 100)}, ${at}${why}${undone ? ' (taken back)' : ''}`;
}

function workText({
  stage,
  revision,
  state,
  model,
  recipe,
  usage,
  costUsd,
  attempts,
  result,
}: StoredWork): string {
  const cost = costUsd === null ? 'unknown price' : money(costUsd);
  const tokens = usage === undefined ? '' : `, ${count(usage.input)} + ${count(usage.output)} tokens`;
  const title = `  ${stage}, revision ${revision}: ${state}`;
  const facts =
    state === 'done' ? ` by ${printable(model)} (prompt version ${recipe})${tokens}, ${cost}` : '';
  const tries = attempts.map(
    ({ number, outcome, code, durationMs, message }) =>
      `    attempt ${number}: ${outcome === 'ok' ? 'ok' : `${outcome}/${code}`}, ${count(durationMs)} ms${message === '' ? '' : `, ${printable(message, 200)}`}`,
  );
  const shown = result === null ? [] : resultLines(stage, result);
  return [`${title}${facts}, ${plural(attempts.length, 'attempt')}`, ...tries, ...shown].join('\n');
}

function resultLines(stage: string, result: unknown): readonly string[] {
  const research = stage === 'research' ? researchSchema.safeParse(result).data : undefined;
  if (research?.coverage !== undefined) return researchLines(research);
  return [`    ${printable(JSON.stringify(result), MAX_SHOWN_RESULT)}`];
}

function asJson(history: Story): string {
  return printableJson(history, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
