import { z } from 'zod';
import { ownField } from '../../stages/text/json.ts';
import { Failure } from '../../streams/failure.ts';
import { environmentVariable } from './environment-variable.ts';
import { jsonFault } from './json-fault.ts';
import { settingsSchema } from './settings.ts';

const PREFIX = 'MILLRACE_';
/** What is no plain text is written as JSON in the environment. */
const STRUCTURED: ReadonlySet<string> = new Set(['object', 'record', 'array']);
/** Variables with our prefix that are no settings. */
const NOT_SETTINGS = /^MILLRACE_(?:(?:TEST|BENCH)_|CONFIG$)/;

/** `batchSize` -> `MILLRACE_BATCH_SIZE`. */
export function variableOf(setting: string): string {
  return PREFIX + setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** The settings that stand in `MILLRACE_…` variables. Throws a Failure for a variable that is no setting. */
export function settingsFromEnvironment(): Readonly<Record<string, unknown>> {
  const names = Object.keys(settingsSchema.shape);
  const byVariable = new Map(names.map((name) => [variableOf(name), name]));
  const found: Record<string, unknown> = {};
  for (const variable of Object.keys(process.env)) {
    const text = variable.startsWith(PREFIX) ? environmentVariable(variable) : undefined;
    if (text === undefined || NOT_SETTINGS.test(variable)) continue;
    const name = byVariable.get(variable);
    if (name === undefined) {
      const message = `${variable} is no setting. Known are ${[...byVariable.keys()].join(', ')}.`;
      throw new Failure('fatal', 'bad_setting', message);
    }
    found[name] = parseVariable(name, variable, text);
  }
  return found;
}

function parseVariable(name: string, variable: string, text: string): unknown {
  const kind = kindOf(name);
  if (kind === 'boolean') return text === '1' || text.toLowerCase() === 'true';
  if (!STRUCTURED.has(kind)) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    // Such texts hold log-ins and keys, and so does the message of the parser, which shows the text around the fault.
    const message = `Bad value for ${variable}: expected JSON; ${jsonFault(error, text)}.`;
    throw new Failure('fatal', 'bad_setting', message);
  }
}

/** What kind of value the schema has for the setting, whatever its default. */
function kindOf(name: string): string {
  let type: unknown = ownField(settingsSchema.shape, name);
  while (type instanceof z.ZodDefault || type instanceof z.ZodOptional) type = type.unwrap();
  return type instanceof z.ZodType ? type.type : '';
}
