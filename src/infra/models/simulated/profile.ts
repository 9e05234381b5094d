import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';

/** How a simulated call can go wrong, in the order the draws are made. */
export const SIMULATED_FAULTS = ['errors', 'rate-limited', 'malformed', 'truncated', 'refused'] as const;
export type SimulatedFault = (typeof SIMULATED_FAULTS)[number];

/** How the simulated model behaves. Shares are between 0 and 1. */
export type SimulatedProfile = Readonly<{
  /** Mean time of a call in milliseconds, by stage. */
  latencyMs: Readonly<Record<string, number>>;
  /** That of stages which plugins brought. Default: none. */
  otherLatencyMs?: number;
  /** Spread of the log-normal latency; 0 makes every call take the mean. */
  sigma: number;
  /** Share of calls per fault. */
  faults: Readonly<Record<SimulatedFault, number>>;
  /** Share of reviews that find something to reject. */
  reject: number;
  seed: number;
}>;

const MS_PER_SECOND = 1_000;

const A_TIME = 'a time up to one hour, such as 300ms or 1.5s';
const A_SHARE = 'a share from 0% to 100%, such as 5%';
const A_SPREAD = 'a number from 0 to 3, such as 0.8';
const A_WHOLE_NUMBER = 'a whole number, such as 7';

const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s)$|^0$/, A_TIME)
  .transform((text) => Number.parseFloat(text) * (/\ds$/.test(text) ? MS_PER_SECOND : 1))
  .pipe(z.number(A_TIME).max(3_600_000, A_TIME));
const share = z
  .string()
  .regex(/^\d+(\.\d+)?%$/, A_SHARE)
  .transform((text) => Number.parseFloat(text) / 100)
  .pipe(z.number(A_SHARE).max(1, A_SHARE));
const spread = z
  .string()
  .regex(/^\d+(\.\d+)?$/, A_SPREAD)
  .transform(Number)
  .pipe(z.number(A_SPREAD).max(3, A_SPREAD));
const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, A_WHOLE_NUMBER)
  .transform(Number);

const settings = z.strictObject({
  latency: duration.optional(),
  research: duration.default(1_200),
  generation: duration.default(800),
  review: duration.default(500),
  sigma: spread.default(0),
  errors: share.default(0),
  'rate-limited': share.default(0),
  malformed: share.default(0),
  truncated: share.default(0),
  refused: share.default(0),
  reject: share.default(0.15),
  seed: wholeNumber.default(1),
});

/**
 * Reads a profile such as `latency=300ms,errors=5%,seed=7`; what it leaves out is usual. `latency` is every stage's
 * that has none of its own (`review=140ms`). Throws a `fatal` Failure (`bad_setting`) that says what was expected.
 */
export function parseSimulatedProfile(text: string): SimulatedProfile {
  const given = pairs(text);
  const parsed = settings.safeParse(given);
  if (!parsed.success) throw refusal(given, parsed.error.issues[0]);
  const read = parsed.data;
  const timeOf = (stage: 'research' | 'generation' | 'review') =>
    stage in given ? read[stage] : (read.latency ?? read[stage]);
  const profile = {
    latencyMs: { research: timeOf('research'), generation: timeOf('generation'), review: timeOf('review') },
    otherLatencyMs: read.latency ?? read.review,
    sigma: read.sigma,
    faults: {
      errors: read.errors,
      'rate-limited': read['rate-limited'],
      malformed: read.malformed,
      truncated: read.truncated,
      refused: read.refused,
    },
    reject: read.reject,
    seed: read.seed,
  };
  const sum = SIMULATED_FAULTS.reduce((total, fault) => total + profile.faults[fault], 0);
  if (sum > 1 + Number.EPSILON) {
    throw bad(
      `expected ${SIMULATED_FAULTS.join(', ')} to come to 100% at most, got ${Math.round(sum * 100)}%`,
    );
  }
  return profile;
}

function pairs(text: string): Readonly<Record<string, string>> {
  const given = new Map<string, string>();
  for (const setting of text.split(',').map((each) => each.trim())) {
    if (setting === '') continue;
    const [name = '', value, ...rest] = setting.split('=').map((each) => each.trim());
    if (value === undefined || rest.length > 0)
      throw bad(`expected NAME=VALUE, got ${JSON.stringify(setting)}`);
    if (given.has(name)) throw bad(`${JSON.stringify(name)} is given twice`);
    given.set(name, value);
  }
  return Object.fromEntries(given);
}

function refusal(given: Readonly<Record<string, string>>, issue: z.core.$ZodIssue | undefined): Failure {
  const known = Object.keys(settings.shape);
  if (issue?.code === 'unrecognized_keys') {
    return bad(`expected one of ${known.join(', ')}, got ${JSON.stringify(issue.keys[0])}`);
  }
  const name = String(issue?.path[0]);
  return bad(`expected ${name} to be ${issue?.message}, got ${JSON.stringify(given[name])}`);
}

function bad(what: string): Failure {
  return new Failure('fatal', 'bad_setting', `Bad simulation profile: ${what}.`);
}
