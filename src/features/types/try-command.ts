import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { collected, priceFlag } from '../../infra/config/flags/price-flag.ts';
import { addSettingFlags } from '../../infra/config/flags/setting-flags.ts';
import { isSimulated, simulationText } from '../../infra/config/model/is-simulated.ts';
import { readType, registerTypes } from '../../infra/plugins/load-types.ts';
import { fitted } from '../../infra/terminal/fitted.ts';
import { printable } from '../../infra/terminal/format.ts';
import { note, print } from '../../infra/terminal/print.ts';
import { questionSchema } from '../../stages/question.ts';
import { faultInTools, lackOfTools, loadCallChecks } from '../../stages/training-types/called-tools.ts';
import { trainingTypeNamed } from '../../stages/training-types/index.ts';
import { Failure } from '../../streams/failure.ts';
import { withoutUndefined } from '../../streams/without-undefined.ts';
import { partsFrom } from '../questions/input-flags.ts';
import { runExitCode } from '../run/run-exit-code.ts';
import { triedText } from './try-text.ts';
import { tryType } from './try-type.ts';

type TryFlags = Readonly<{
  system?: string;
  questionTools?: string;
  context?: string;
  field?: readonly string[];
}>;

/** `millrace types try`: one question the whole way, with all that is asked and answered. */
export function tryCommand(): Command {
  const command = new Command('try')
    .description(
      'Asks one question the whole way, and shows every prompt and reply, the scores and the rows. It becomes part of no dataset; asking the same again costs nothing.',
    )
    .argument('<type>', 'a file such as types/flashcard.yaml, or the name of a type')
    .argument('<question>', 'what to ask')
    .option('--context <text>', 'a source that the question brings')
    .option('--system <text>', 'system prompt of the question; @FILE reads it')
    .option('--question-tools <file>', 'JSON: what the assistant may call')
    .option('--field <name=value>', 'what {{fields.NAME}} stands for; may be repeated', collected);
  addSettingFlags(command, 'topic', 'subTopic', 'language', 'model', 'baseUrl', 'temperature');
  addSettingFlags(command, 'maxOutputTokens', 'minScore', 'maxRevisions', 'prompts', 'research', 'simulate');
  return addDataFlags(command.addOption(priceFlag())).action((type: string, text: string, flags: TryFlags) =>
    tried(type, text, { flags, command }),
  );
}

async function tried(
  named: string,
  text: string,
  { flags, command }: Readonly<{ flags: TryFlags; command: Command }>,
): Promise<void> {
  const settings = await settingsOf(command);
  const type = trainingTypeNamed(await nameOf(named));
  const { system, tools } = partsFrom(flags);
  const { topic, subTopic } = settings;
  const { context = '' } = flags;
  const read = questionSchema.safeParse({
    ...{ text, context, topic, subTopic, trainingType: type.name },
    ...withoutUndefined({ system, tools }),
    fields: fieldsFrom(flags.field ?? []),
  });
  if (!read.success)
    throw new Failure(
      'fatal',
      'bad_question',
      `The question: ${read.error.issues[0]?.message ?? 'it is none'}.`,
    );
  const lack = lackOfTools(type, tools);
  if (lack !== undefined)
    throw new Failure('fatal', 'bad_flags', `${lack}: name them with --question-tools FILE.`);
  if (type.calls !== undefined) await loadCallChecks();
  const fault = faultInTools(type, tools);
  if (fault !== undefined) throw new Failure('fatal', 'bad_flags', `--question-tools: ${fault}`);
  if (isSimulated({ ...settings, kafka: undefined, mongo: undefined })) note(simulationText(settings));
  const result = await tryType(settings, read.data, note);
  print(fitted(triedText(result)));
  process.exitCode = runExitCode(result.summary, false);
}

const FIELD = /^([A-Za-z_]\w{0,63})=([\s\S]*)$/;

/** Throws a Failure (`bad_flags`) for what is no NAME=VALUE. */
export function fieldsFrom(said: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    said.map((each) => {
      const [, name = '', value = ''] = FIELD.exec(each) ?? [];
      if (name !== '') return [name, value.trim()];
      const expected = 'expected NAME=VALUE, such as level=school, with a name of letters, digits and _';
      throw new Failure('fatal', 'bad_flags', `--field: ${expected}; came "${each}".`);
    }),
  );
}

/** A file is read, whatever the settings know. */
async function nameOf(named: string): Promise<string> {
  if (!/\.(?:ya?ml|json)$/i.test(named)) return named;
  const { name } = await readType(named);
  await registerTypes([named]);
  return printable(name);
}
