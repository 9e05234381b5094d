import { readFile } from 'node:fs/promises';
import { errorText, Failure } from '../../streams/failure.ts';
import type { Settings } from '../config/settings.ts';
import { isLoopback } from './loopback.ts';
import { madeToken } from './made-token.ts';

type TokenSettings = Pick<Settings, 'httpToken' | 'httpTokenFile'>;

/** Whom a server lets in: who brings the token, whether somebody chose it or it was made here; without one everybody. */
export type Admittance = Readonly<{ token: string | undefined; madeToken: boolean }>;

/**
 * What requests to a server have to bring: the token of the settings, else on loopback one that is made and kept in the data
 * directory, since every user of a machine reaches its loopback. Throws Failures (`bad_setting`): as `httpTokenOf`, and for a
 * token that is set though none is wanted.
 * @param wanted `false` where the user wants none.
 */
export async function admittanceOf(
  settings: TokenSettings & Pick<Settings, 'data'>,
  host: string,
  wanted: boolean,
): Promise<Admittance> {
  const token = await httpTokenOf(settings);
  if (!wanted && token !== undefined) {
    const message = 'A token is set and --no-token was given: leave one of them out.';
    throw new Failure('fatal', 'bad_setting', message);
  }
  if (token !== undefined || !wanted || !isLoopback(host)) return { token, madeToken: false };
  return { token: madeToken(settings.data), madeToken: true };
}

/**
 * The token that requests have to bring, from its setting or its file. Throws a Failure (`bad_setting`) for a file that
 * cannot be read, and for both at once.
 */
export async function httpTokenOf({ httpToken, httpTokenFile }: TokenSettings): Promise<string | undefined> {
  if (httpTokenFile === undefined) return httpToken;
  if (httpToken !== undefined) {
    const message = 'Both httpToken and httpTokenFile are set: expected one of them.';
    throw new Failure('fatal', 'bad_setting', message);
  }
  try {
    return (await readFile(httpTokenFile, 'utf8')).trim();
  } catch (cause) {
    throw new Failure('fatal', 'bad_setting', `Cannot read the httpTokenFile: ${errorText(cause)}`, {
      cause,
    });
  }
}
