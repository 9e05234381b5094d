import { readFile } from 'node:fs/promises';
import { Failure } from '../../streams/failure.ts';
import type { Settings } from '../config/settings.ts';

/**
 * The token that requests have to bring, from its setting or its file. Throws a Failure (`bad_setting`) for a file that
 * cannot be read, and for both at once.
 */
export async function httpTokenOf({
  httpToken,
  httpTokenFile,
}: Pick<Settings, 'httpToken' | 'httpTokenFile'>): Promise<string | undefined> {
  if (httpTokenFile === undefined) return httpToken;
  if (httpToken !== undefined)
    throw new Failure(
      'fatal',
      'bad_setting',
      'Both httpToken and httpTokenFile are set: expected one of them.',
    );
  try {
    return (await readFile(httpTokenFile, 'utf8')).trim();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('fatal', 'bad_setting', `Cannot read the httpTokenFile: ${why}`, { cause });
  }
}
