import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { agentStages } from '../../../stages/stage-names.ts';
import type { RawSettings } from '../settings.ts';

/** A settings file that names one of these can receive questions, keys or traces, or have a file read and sent. */
const OUTSIDE = [
  'baseUrl',
  'kafka',
  'kafkaSasl',
  'kafkaCaFile',
  'mongo',
  'otlpEndpoint',
  'httpTokenFile',
  'lookUpTools',
];
/** Where something is written, or read to be sent. */
const PATHS = ['out', 'data', 'prompts'];

const VENDORS =
  'OPENAI|AZURE|ANTHROPIC|CEREBRAS|COHERE|DASHSCOPE|DEEPINFRA|DEEPSEEK|FIREWORKS|GEMINI|GOOGLE|GROQ|HF|HUGGINGFACE|LITELLM|LLM|MILLRACE|MISTRAL|MOONSHOT|NVIDIA|OLLAMA|OPENROUTER|PERPLEXITY|SAMBANOVA|TOGETHER|VLLM|XAI|ZAI';
/** Variables whose names say that they hold a key for a model server. */
const MODEL_KEY = new RegExp(`^(?:${VENDORS})(?:_[A-Z0-9]+)*_(?:KEY|TOKEN)$`);

/** In words, what settings reach that is not in the folder: servers, variables of the environment, paths. */
export function reachesOf(settings: RawSettings): readonly string[] {
  const single = [
    ...agentStages().map((stage) => [`agents.${stage}`, inner(inner(settings, 'agents'), stage)] as const),
    ...Object.entries(inner(settings, 'shadows')).map(
      ([name, value]) => [`shadows.${name}`, asObject(value)] as const,
    ),
  ];
  return [['', settings] as const, ...single].flatMap(([where, each]) => {
    const name = (key: string) => (where === '' ? key : `${where}.${key}`);
    const named = OUTSIDE.filter((key) => each[key] !== undefined).map((key) => `it sets ${name(key)}`);
    const { apiKeyVariable } = each;
    const variable =
      apiKeyVariable === undefined || MODEL_KEY.test(String(apiKeyVariable))
        ? []
        : [`${name('apiKeyVariable')} names a variable that is no known key of a model server`];
    const code = each['plugins'] === undefined ? [] : ['it loads plugins, which are code'];
    const left = PATHS.filter((key) => leaves(each[key])).map(
      (key) => `${name(key)} is outside of this folder`,
    );
    return [...named, ...variable, ...left, ...code];
  });
}

/** Whether a path leads out of the working directory, through links too. */
function leaves(path: unknown): boolean {
  if (typeof path !== 'string' || path === '') return false;
  const away = relative(realpathSync('.'), realOf(resolve(path)));
  return away.startsWith('..') || isAbsolute(away);
}

/** What is not there yet is where its directory is. */
function realOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realOf(parent), basename(path));
}

function inner(settings: RawSettings, key: string): RawSettings {
  return asObject(settings[key]);
}

function asObject(value: unknown): RawSettings {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
