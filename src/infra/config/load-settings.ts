import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import { priceTableOf } from '../llm/prices.ts';
import { settingsFromEnvironment } from './environment.ts';
import { readPriceFile } from './price-file.ts';
import { type Settings, settingsSchema } from './settings.ts';

/** Settings whose value is never shown. */
const SECRET: ReadonlySet<string> = new Set(['httpToken']);
const CONFIG_FILES = ['ts', 'json', 'yaml'].map((extension) => `millrace.config.${extension}`);

/** Settings as a person wrote them, before they are checked. */
export type RawSettings = Readonly<Record<string, unknown>>;

/**
 * The settings: flags before environment before the configuration file before defaults. Throws a Failure (`bad_setting`
 * or `bad_config`) that names the setting, what was expected, and what came.
 */
export async function loadSettings(flags: RawSettings, configPath?: string): Promise<Settings> {
  const path = configPath ?? CONFIG_FILES.find((file) => existsSync(file));
  const file = path === undefined ? {} : await readConfig(path);
  const settings = parseSettings([settingsFromEnvironment(), flags].reduce(merged, file));
  return { ...settings, prices: { ...priceTableOf(readPriceFile()), ...settings.prices } };
}

/** Later settings before earlier ones; what belongs to single agents is merged agent by agent. */
function merged(earlier: RawSettings, later: RawSettings): RawSettings {
  const entries = Object.entries(later).map(([name, value]) => {
    const standing = earlier[name];
    return [name, isObject(standing) && isObject(value) ? merged(standing, value) : value] as const;
  });
  return { ...earlier, ...Object.fromEntries(entries) };
}

/** Checks settings that were given as an object. */
export function parseSettings(raw: RawSettings): Settings {
  const parsed = settingsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => describe(issue, raw));
  throw new Failure('fatal', 'bad_setting', problems.join('\n'));
}

function describe(issue: z.core.$ZodIssue, raw: RawSettings): string {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(settingsSchema.shape).join(', ');
    return `Unknown setting ${issue.keys.join(', ')}. Known are: ${known}.`;
  }
  const name = issue.path.map(String).join('.');
  const value = issue.path.reduce<unknown>(
    (inner, key) => (isObject(inner) ? inner[String(key)] : undefined),
    raw,
  );
  const expected = issue.message.replace(/^Invalid input: |, received (?:NaN|\w+)$/g, '');
  return `Bad value for ${name}: ${expected}; got ${SECRET.has(name) ? 'another' : JSON.stringify(value)}.`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function readConfig(path: string): Promise<RawSettings> {
  try {
    const config = await parseConfig(path);
    if (isObject(config)) return config;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('fatal', 'bad_config', `Cannot read the configuration ${path}: ${reason}`, {
      cause: error,
    });
  }
  throw new Failure('fatal', 'bad_config', `${path} holds no settings: expected an object.`);
}

async function parseConfig(path: string): Promise<unknown> {
  switch (extname(path)) {
    case '.ts':
    case '.js':
    case '.mjs': {
      const module: unknown = await import(pathToFileURL(resolve(path)).href);
      return z.object({ default: z.unknown() }).parse(module).default;
    }
    case '.json':
      return JSON.parse(await readFile(path, 'utf8'));
    default:
      return parseYaml(await readFile(path, 'utf8'));
  }
}
