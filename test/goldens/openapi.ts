import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { asJson, type Golden, oneFile } from './golden.ts';
import { started } from './process.ts';

const document = z.looseObject({ info: z.looseObject({ version: z.string() }) });

/** The OpenAPI document that `millrace serve` gives, but for the version of the package. */
export const openapi: Golden = {
  name: 'openapi',
  make: async (directory) => {
    const server = started(directory, 'serve', '--port', '0');
    const exited = once(server, 'exit');
    try {
      const reply = await fetch(`${await addressOf(server)}/v1/openapi.json`);
      const { info, ...rest } = document.parse(await reply.json());
      return oneFile('openapi.json', asJson({ ...rest, info: { ...info, version: '0.0.0' } }));
    } finally {
      server.kill('SIGTERM');
      await exited;
    }
  },
};

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (stderr !== null)
    for await (const line of createInterface(stderr)) {
      said.push(line);
      const [, address] = /^Listening on (http:\S+?):? /.exec(line) ?? [];
      if (address !== undefined) return address;
    }
  throw new Error(`millrace serve does not listen: ${said.join('\n')}`);
}
