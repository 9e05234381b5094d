import { errorText, Failure } from '../../streams/failure.ts';

type Advice = Readonly<{ code: string; text: string }>;

const readOnly: Advice = {
  code: 'read_only',
  text: 'it may not be written there. Choose another place with --out, or change its permissions.',
};
const diskFull: Advice = {
  code: 'disk_full',
  text: 'the disk is full. Free some space, or choose another place with --out, and export again: nothing is lost.',
};
const notADirectory: Advice = {
  code: 'not_a_directory',
  text: 'a part of this path is a file where a directory must be. Choose another place with --out.',
};

const ADVICE: ReadonlyMap<string, Advice> = new Map([
  ['EACCES', readOnly],
  ['EPERM', readOnly],
  ['EROFS', readOnly],
  ['ENOSPC', diskFull],
  ['EDQUOT', diskFull],
  ['ENOTDIR', notADirectory],
  ['EEXIST', notADirectory],
]);

/** The operating system's code of an error, such as `ENOSPC`; empty if it is not one of its errors. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A fatal Failure (`read_only`, `disk_full`, `not_a_directory`, `write_failed`) that says what to do about `path`. */
export function fileFailure(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error;
  const advice = ADVICE.get(systemCode(error)) ?? {
    code: 'write_failed',
    text: `${errorText(error)}. Choose another place with --out.`,
  };
  return new Failure('fatal', advice.code, `Cannot write ${path}: ${advice.text}`, { cause: error });
}

/** The work, with its errors as Failures about `path`. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/** `undefined` where there is no such file. */
export async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
