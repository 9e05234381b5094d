import { Ajv, type ErrorObject } from 'ajv';
import { linearPattern } from '../text/linear-pattern.ts';
import { refsInPlace, unusable } from './refs-in-place.ts';

const MOST_TOLD = 5;
const MOST_SHOWN = 200;
/** Of all patterns of a schema: each may be taken at each character of a text. */
const MOST_STEPS = 5_000;

const LENIENT = { strict: false, validateFormats: false, logger: false } as const;
/** What a schema must be itself. */
const rules = new Ajv(LENIENT);

/** What is wrong with a value, in words that a model can follow; `undefined` where nothing is. */
export type Checker = (value: unknown) => string | undefined;

/**
 * Checks values by a JSON schema of a stranger (draft 7, and `$defs`), its patterns in linear time. Formats are not looked at. Throws a
 * Failure (`bad_tools`) that says why the schema cannot be used, and Errors of ajv and RE2JS.
 */
export function schemaChecker(schema: Readonly<Record<string, unknown>>): Checker {
  const whole = refsInPlace(schema);
  if (rules.validateSchema(whole) !== true) throw unusable(`it is no JSON schema: ${rules.errorsText()}`);
  const fits = new Ajv({
    ...{ ...LENIENT, meta: false, validateSchema: false },
    ...{ allErrors: true, ownProperties: true, code: { regExp: linearEngine() } },
  }).compile(whole);
  return (value) => (fits(value) ? undefined : told(fits.errors ?? []));
}

/**
 * What patterns run on: in linear time, and in bounded time since all of a schema are of bounded size. `a{1,1000}` is a short text and a
 * thousand steps for each character. ajv keeps patterns apart by what `toString` gives: without one of its own it would take all of them
 * for one.
 */
function linearEngine() {
  let steps = 0;
  const compiled = (pattern: string) => {
    const made = linearPattern(pattern);
    steps += made.programSize();
    if (steps > MOST_STEPS)
      throw unusable(
        `its patterns are of more than ${MOST_STEPS} steps, where x{1,1000} is a thousand: expected lengths as maxLength`,
      );
    return { test: (text: string) => made.matcher(text).find(), toString: () => `RE2JS ${pattern}` };
  };
  /** The name under which ajv would write the engine into code that it never writes out. */
  return Object.assign(compiled, { code: 'RE2JS' });
}

function told(errors: readonly ErrorObject[]): string {
  const all = [...new Set(errors.map(faultText))];
  const more = all.length > MOST_TOLD ? [`and ${all.length - MOST_TOLD} more`] : [];
  return [...all.slice(0, MOST_TOLD), ...more].join('; ');
}

function faultText({ instancePath, keyword, params, message = 'does not fit' }: ErrorObject): string {
  const steps = instancePath.split('/').slice(1);
  const place = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  const where = place === '' ? 'the arguments' : place.replace(/^\./, '');
  return `${where} ${wanted(keyword, params, message)}`.slice(0, MOST_SHOWN).toWellFormed();
}

function wanted(keyword: string, params: Readonly<Record<string, unknown>>, message: string): string {
  const { allowedValues, additionalProperty } = params;
  if (keyword === 'enum' && Array.isArray(allowedValues))
    return `must be one of ${allowedValues.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ')}`;
  return keyword === 'additionalProperties' ? `must not have ${JSON.stringify(additionalProperty)}` : message;
}
