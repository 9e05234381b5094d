import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { redactSettings, redactText, secretsOf } from '../../../infra/config/secrets.ts';
import { openEngine } from '../../../infra/engines/open-engine.ts';
import { MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { asFailure, errorText, Failure } from '../../../streams/failure.ts';
import type { CheckContext, Finding } from './check.ts';
import { logTail } from './log-tail.ts';
import { type TarFile, tarOf } from './tar.ts';

/**
 * Writes what somebody who helps needs to see: findings, settings, versions, counts, the last log lines. No key, no
 * password, and no text of a question or an answer. To a `.tar.gz`, or into a directory. Rejects with a Failure
 * (`bad_bundle`) where it cannot be written.
 */
export async function writeBundle(
  path: string,
  version: string,
  context: CheckContext,
  findings: readonly Finding[],
): Promise<readonly string[]> {
  const secrets = secretsOf(context.settings);
  const files = (await filesOf(version, context, findings)).map(({ name, text }) => ({
    name,
    text: redactText(text, secrets),
  }));
  try {
    if (/\.(?:tar\.gz|tgz)$/.test(path)) {
      await writeFile(path, gzipSync(tarOf(files, new Date())), { mode: 0o600 });
      await chmod(path, 0o600);
    } else await writeDirectory(path, files);
  } catch (cause) {
    throw new Failure('fatal', 'bad_bundle', `The bundle ${path} cannot be written: ${errorText(cause)}`, {
      cause,
    });
  }
  return files.map(({ name }) => name);
}

async function writeDirectory(path: string, files: readonly TarFile[]): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  for (const { name, text } of files) await writeFile(join(path, name), text, { mode: 0o600 });
}

async function filesOf(version: string, context: CheckContext, findings: readonly Finding[]) {
  const { settings, namespace } = context;
  const { node, v8, openssl } = process.versions;
  const system = { platform: process.platform, arch: process.arch, release: release() };
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return [
    { name: 'checks.json', text: pretty(findings) },
    { name: 'settings.json', text: pretty(redactSettings(settings)) },
    { name: 'versions.json', text: pretty({ millrace: version, node, v8, openssl, ...system }) },
    { name: 'counts.json', text: pretty(await countsOf(context)) },
    { name: 'log.jsonl', text: `${await logTail(join(settings.data, `${namespace}.log`))}\n` },
  ];
}

async function countsOf({ settings, namespace }: CheckContext): Promise<unknown> {
  try {
    await using engine = await openEngine({ settings, namespace, mode: 'read' });
    const progress = await engine.store.reports.progress(MAIN_LANE);
    return { namespace, lane: MAIN_LANE, ...progress, workers: await engine.store.workers.list() };
  } catch (error) {
    return { namespace, unknown: asFailure(error).code };
  }
}
