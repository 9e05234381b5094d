import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { errorText, Failure } from '../../../streams/failure.ts';
import { fromDirectory } from '../../plugins/load.ts';
import { withOwnPackage } from '../../plugins/own-package.ts';
import { environmentVariable } from '../environment-variable.ts';
import { jsonFault } from '../json-fault.ts';
import { redactText, secretsOf } from '../secrets.ts';
import type { RawSettings } from '../settings.ts';
import { assertAllowed } from './allowed-files.ts';
import { reachesOf } from './reaches.ts';

/** Names a settings file, as `--config` does: where no flag can be given, as in a container. */
const CONFIG_VARIABLE = 'MILLRACE_CONFIG';
const ENDINGS = ['ts', 'js', 'json', 'yaml', 'yml'];
/** The names that a settings file may have, for people. */
export const CONFIG_NAMES = `millrace.config.{${ENDINGS.join(',')}}`;
const CONFIG_FILES = ENDINGS.map((extension) => `millrace.config.${extension}`);
const CODE: ReadonlySet<string> = new Set(['.ts', '.js', '.mjs']);

/** The settings file of a command, and what stands in it. */
export type ConfigFile = Readonly<{ path: string; settings: RawSettings }>;

/** The settings file that lies in the working directory, if there is one. */
export function configFileHere(): string | undefined {
  return CONFIG_FILES.find((file) => existsSync(file));
}

/**
 * Reads the file that the user named, by flag or by `MILLRACE_CONFIG`, else the one in the working directory. That one may be
 * anybody's, with a folder that was cloned: what is code, or reaches out of the folder, counts once the user has allowed this
 * very file. Throws Failures: `config_not_allowed`, `bad_config`.
 */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | undefined> {
  const path = named ?? environmentVariable(CONFIG_VARIABLE);
  if (path !== undefined) return { path, settings: await readSettings(path) };
  const found = configFileHere();
  if (found === undefined) return undefined;
  if (CODE.has(extname(found))) assertAllowed(found, ['it is code, which would be run']);
  const settings = await readSettings(found);
  const reaches = reachesOf(settings);
  if (reaches.length > 0) assertAllowed(found, reaches);
  return { path: found, settings };
}

/** The settings of a file. Code is run. Throws a Failure (`bad_config`). */
async function readSettings(path: string): Promise<RawSettings> {
  const config = await parsed(path).catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    const reason = redactText(errorText(error), secretsOf(undefined));
    throw new Failure('fatal', 'bad_config', `Cannot read the configuration ${path}: ${reason}`);
  });
  if (typeof config === 'object' && config !== null) {
    const { plugins, ...settings }: RawSettings = { ...config };
    return plugins === undefined
      ? settings
      : { ...settings, plugins: fromDirectory(plugins, dirname(resolve(path))) };
  }
  throw new Failure('fatal', 'bad_config', `${path} holds no settings: expected an object.`);
}

async function parsed(path: string): Promise<unknown> {
  if (CODE.has(extname(path))) {
    const url = pathToFileURL(resolve(path)).href;
    const module: unknown = await withOwnPackage(() => import(url)).catch((error: unknown) => {
      // Its message shows the lines around the fault.
      if (error instanceof SyntaxError) throw unreadable(path, 'its code cannot be parsed');
      throw error;
    });
    return z.object({ default: z.unknown() }).parse(module).default;
  }
  return parseConfigText(await readFile(path, 'utf8'), extname(path), path);
}

/**
 * The value of a settings file's text: YAML, or JSON with comments, commas behind the last value and a byte order mark, as
 * editors write it. Throws a Failure (`bad_config`) that says where it goes wrong, and quotes nothing of it.
 */
export function parseConfigText(text: string, extension: string, path: string): unknown {
  const plain = text.replace(/^\ufeff/, '');
  if (extension !== '.json') return yamlIn(plain, path);
  const json = withoutComments(plain);
  try {
    return JSON.parse(json);
  } catch (error) {
    throw unreadable(path, jsonFault(error, json));
  }
}

function yamlIn(text: string, path: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false, lineCounter: lines });
  const [error] = document.errors;
  if (error === undefined) return contentOf(document, path);
  const { line, col } = lines.linePos(error.pos[0]);
  throw unreadable(path, `it goes wrong in line ${line}, column ${col} (${error.code})`);
}

function contentOf(document: Pick<Document, 'toJS'>, path: string): unknown {
  try {
    return document.toJS();
  } catch {
    throw unreadable(path, 'an alias in it goes nowhere, or too far');
  }
}

function unreadable(path: string, reason: string): Failure {
  return new Failure('fatal', 'bad_config', `Cannot read the configuration ${path}: ${reason}.`);
}

/** Blanks take their places, so that a message tells the line and the column of the file. */
function withoutComments(text: string): string {
  const blank = (part: string) => (part.startsWith('"') ? part : part.replace(/[^\n]/g, ' '));
  return text
    .replace(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, blank)
    .replace(/"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g, blank);
}
