import type { Command } from 'commander';
import { z } from 'zod';
import { Failure } from '../streams/failure.ts';

/** What people say of shadow judges on the command line; anything else of them stands in a file. */
export function addShadowFlags(command: Command): Command {
  return command
    .option(
      '--shadow <list>',
      'judges that work beside the reviewer and change nothing, by name and model: strict=gpt-4o,mini=gpt-4o-mini',
    )
    .option('--shadow-prompts <dir>', 'prompt files of these judges')
    .option('--shadow-max-cost <usd>', 'what each of them may spend, beside --max-cost')
    .option('--shadow-max-tokens <n>', 'the same in tokens');
}

export const shadowFlags = z.object({
  shadow: z.string().optional(),
  shadowPrompts: z.string().optional(),
  shadowMaxCost: z.string().optional(),
  shadowMaxTokens: z.string().optional(),
});

/** The flags as the setting `shadows`. Throws a Failure (`bad_setting`) that says what was expected. */
export function shadowsOf({
  shadow,
  shadowPrompts,
  shadowMaxCost,
  shadowMaxTokens,
}: z.output<typeof shadowFlags>): Readonly<Record<string, unknown>> {
  const common = { prompts: shadowPrompts, maxCost: shadowMaxCost, maxTokens: shadowMaxTokens };
  const given = Object.fromEntries(Object.entries(common).filter(([, value]) => value !== undefined));
  if (shadow === undefined) {
    if (Object.keys(given).length === 0) return {};
    throw bad('a shadow judge by its name, --shadow strict=gpt-4o, beside other flags of it; got none');
  }
  const judges = shadow.split(',').map((pair) => {
    const [name = '', ...parts] = pair.split('=');
    const model = parts.join('=').trim();
    if (name.trim() === '' || (parts.length > 0 && model === ''))
      throw bad(`NAME=MODEL, or NAME for the reviewer's model; got ${pair}`);
    return [name.trim(), { ...given, ...(model === '' ? {} : { model }) }] as const;
  });
  return { shadows: Object.fromEntries(judges) };
}

function bad(expected: string): Failure {
  return new Failure('fatal', 'bad_setting', `Bad value for --shadow: expected ${expected}.`);
}
