import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../../infra/config/flags/flags.ts';
import { addSettingFlags } from '../../../infra/config/flags/setting-flags.ts';
import { isSimulated } from '../../../infra/config/model/is-simulated.ts';
import { EXIT } from '../../../infra/terminal/exit-code.ts';
import { printable } from '../../../infra/terminal/format.ts';
import { printFound } from '../../../infra/terminal/print.ts';
import { namespaceOf } from '../../run/session/session.ts';
import { writeBundle } from './bundle.ts';
import { type Check, type CheckStatus, type Finding, runChecks } from './check.ts';
import { dataDirectory } from './data-directory.ts';
import { embeddedDatabase } from './embedded-database.ts';
import { embeddings } from './embeddings.ts';
import { journals } from './journals.ts';
import { kafka } from './kafka.ts';
import { lookUps } from './look-ups.ts';
import { modelServer } from './model-server.ts';
import { mongo } from './mongo.ts';
import { nodeVersion } from './node-version.ts';
import { parts } from './parts.ts';
import { prices } from './prices.ts';
import { questions } from './questions.ts';
import { sources } from './sources.ts';

/** Everything that `millrace doctor` looks at. */
const CHECKS: readonly Check[] = [
  nodeVersion,
  dataDirectory,
  embeddedDatabase,
  journals,
  sources,
  embeddings,
  lookUps,
  kafka,
  mongo,
  questions,
  parts,
  modelServer,
  prices,
];

type DoctorFlags = Readonly<{ json?: true; bundle?: string }>;

const MARKS: Readonly<Record<CheckStatus, string>> = {
  ok: 'ok      ',
  warning: 'warning ',
  failed: 'FAILED  ',
};
const LONGEST_TEXT = 600;

/** `millrace doctor`: looks at everything that Millrace stands on, and says what to mend. */
export function doctorCommand(version: string): Command {
  const command = new Command('doctor').description(
    'Checks Node, settings, data directory, Kafka, MongoDB, model server, topics, indexes and prices, and says what to fix. Changes nothing and pays for no call. The exit code is 1 where something failed.',
  );
  addSettingFlags(command, 'model', 'baseUrl')
    .option(
      '--bundle <path>',
      'also write a support bundle: a .tar.gz or a directory, without keys and texts',
    )
    .option('--json', 'as JSON');
  return addDataFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace doctor\n  $ millrace doctor --kafka localhost:9092 --mongo mongodb://localhost:27017\n  $ millrace doctor --bundle support.tar.gz',
    )
    .action((flags: DoctorFlags) => examine(flags, version, command));
}

async function examine({ json, bundle }: DoctorFlags, version: string, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  const simulated = isSimulated(settings);
  const context = { settings, simulated, namespace: namespaceOf(settings, simulated) };
  const findings = await runChecks(CHECKS, context);
  if (findings.some(({ status }) => status === 'failed')) process.exitCode = EXIT.fatal;
  const written = bundle === undefined ? undefined : await writeBundle(bundle, version, context, findings);
  printFound({ json }, { findings }, () => findings.map(findingText).join('\n'));
  if (written !== undefined)
    process.stderr.write(`Written: ${bundle} (${written.join(', ')}). Look through it before you send it.\n`);
}

function findingText({ check, status, text, mend }: Finding): string {
  const line = `${MARKS[status]}${check}: ${printable(text, LONGEST_TEXT)}`;
  return mend === undefined ? line : `${line}\n          to fix it: ${printable(mend, LONGEST_TEXT)}`;
}
