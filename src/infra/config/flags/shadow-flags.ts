import type { Command } from 'commander';
import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';
import { namedValue } from './named-value.ts';
import { settingFlag } from './setting-flags.ts';

/** What people say of shadow judges on the command line; anything else of them stands in a file. */
export function addShadowFlags(command: Command): Command {
  return command
    .addOption(settingFlag('shadows'))
    .option('--shadow-prompts <dir>', 'prompt files of these judges')
    .addOption(settingFlag('shadowMaxCost'))
    .addOption(settingFlag('shadowMaxTokens'));
}

export const shadowFlags = z.object({
  shadow: z.string().optional(),
  shadowPrompts: z.string().optional(),
});

/** The flags as the setting `shadows`. Throws a Failure (`bad_setting`) that says what was expected. */
export function shadowsOf({
  shadow,
  shadowPrompts,
}: z.output<typeof shadowFlags>): Readonly<Record<string, unknown>> {
  if (shadow === undefined) {
    if (shadowPrompts === undefined) return {};
    throw bad('the judges whose prompts these are, such as --shadow strict; got none');
  }
  const given = shadowPrompts === undefined ? {} : { prompts: shadowPrompts };
  const judges = shadow.split(',').map((pair) => {
    const [name, model] = namedValue(pair);
    if (name === '' || model === '') throw bad(`NAME=MODEL, or NAME for the reviewer's model; got ${pair}`);
    return [name, { ...given, ...(model === undefined ? {} : { model }) }] as const;
  });
  return { shadows: Object.fromEntries(judges) };
}

function bad(expected: string): Failure {
  return new Failure('fatal', 'bad_setting', `Bad value for --shadow: expected ${expected}.`);
}
