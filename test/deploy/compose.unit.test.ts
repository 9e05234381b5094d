import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { buildProgram } from '../../src/cli/program.ts';
import { variableOf } from '../../src/infra/config/environment.ts';
import { settingsSchema } from '../../src/infra/config/settings.ts';
import { stageNames } from '../../src/stages/stage-names.ts';

const serviceSchema = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
});
const root = new URL('../../', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), 'utf8');
const { services, volumes } = z
  .looseObject({ services: z.record(z.string(), serviceSchema), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(read('docker-compose.yml'), { merge: true }));
const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('millrace:'));

describe('docker-compose.yml', () => {
  it('has one service per stage, so that each is scaled on its own', () => {
    const stages = ours.flatMap(([name, { command }]) => {
      const at = command?.indexOf('--stage') ?? -1;
      return at < 0 ? [] : [[name, command?.[at + 1]]];
    });
    expect(stages).toEqual(stageNames().map((stage) => [stage, stage]));
  });

  it.each(ours)('gives %s a command and options that the CLI has', async (_name, { command = [] }) => {
    const [first, ...rest] = command;
    if (first === '--help') return;
    let found = (await buildProgram([first ?? ''])).commands.find((known) => known.name() === first);
    if (found?.commands.length) found = found.commands.find((known) => known.name() === rest[0]);
    const flags = found?.options.map(({ long }) => long);
    expect(flags).toEqual(expect.arrayContaining(rest.filter((word) => word.startsWith('--'))));
  });

  it.each(ours)('sets for %s only variables that exist', (_name, { environment = {} }) => {
    const known = Object.keys(settingsSchema.shape).map(variableOf);
    const set = Object.keys(environment).filter((variable) => variable.startsWith('MILLRACE_'));
    expect(known).toEqual(expect.arrayContaining(set));
  });

  it('carries the version of the package, and pins every other image', () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
    expect(new Set(ours.map(([, { image }]) => image))).toEqual(new Set([`millrace:${version}`]));
    for (const { image } of Object.values(services)) expect(image).toMatch(/:\d+\.\d+\.\d+$/);
  });

  it('starts the Kafka that the tests run on, and a MongoDB without a published hole', () => {
    const tested = /<artifactId>kafka_2\.13<\/artifactId><version>([\d.]+)</.exec(
      read('test/support/servers/kafka/kafka-pom.xml'),
    )?.[1];
    expect(services['kafka']?.image).toBe(`apache/kafka:${tested}`);
    // CVE-2025-14847: memory to anybody who reaches the port; mended in 8.0.17.
    const [, patch] = /^mongo:8\.0\.(\d+)$/.exec(services['mongo']?.image ?? '') ?? [];
    expect(Number(patch)).toBeGreaterThanOrEqual(17);
  });

  it('keeps what the servers store in named volumes', () => {
    expect(Object.keys(volumes)).toEqual(['kafka', 'mongo', 'mongo-config']);
  });

  it('checks the health of whatever goes on running', () => {
    const running = Object.entries(services).filter(([name]) => name !== 'topics' && name !== 'cli');
    expect(running.filter(([, { healthcheck }]) => healthcheck === undefined)).toEqual([]);
  });

  it('names every variable that .env.example offers', () => {
    const offered = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    for (const name of offered) expect(read('docker-compose.yml')).toContain(`\${${name}:`);
  });
});

describe('Dockerfile', () => {
  it('runs on the Node that the tests run on, in both of its stages', () => {
    const { packages } = z
      .object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) })
      .parse(JSON.parse(read('package-lock.json')));
    const tested = packages['node_modules/node']?.version;
    const images = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(images).toEqual([`node:${tested}-slim`, `node:${tested}-slim`]);
  });

  it('copies every file and folder that the build reads, and none that .dockerignore keeps out', () => {
    const { scripts } = z
      .object({ scripts: z.looseObject({ build: z.string() }) })
      .parse(JSON.parse(read('package.json')));
    const run = [...scripts.build.matchAll(/node (\w+)\//g)].map(([, folder]) => folder);
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, paths]) => paths?.split(' ') ?? [],
    );
    const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path);
    expect(run).not.toEqual([]);
    expect(copied).toEqual(expect.arrayContaining([...run, 'src', 'web']));
    expect(allowed).toEqual(expect.arrayContaining(copied));
  });
});
