import { join, relative } from 'node:path';
import type { Plugin } from 'rolldown';

type Change = Readonly<{ file: string; from: string; to: string }>;

/**
 * Node's `http` and `http2` are a sixth of a start, and undici needs neither for a call by HTTP/1.1. Who imports `node:process` or
 * `node:child_process`, as commander does for programs in several files, has standard input opened, and loads half of Node.
 */
const CHANGES: readonly Change[] = [
  { file: 'commander/lib/command.js', from: "import process from 'node:process';\n", to: '' },
  {
    file: 'commander/lib/command.js',
    from: "import childProcess from 'node:child_process';\n",
    to: "const childProcess = { spawn: (...all) => process.getBuiltinModule('node:child_process').spawn(...all) };\n",
  },
  {
    file: 'undici/lib/dispatcher/client.js',
    from: "const connectH2 = require('./client-h2.js')\n",
    to: "const connectH2 = (...all) => require('./client-h2.js')(...all)\n",
  },
  { file: 'undici/lib/dispatcher/client.js', from: "const http = require('node:http')\n", to: '' },
  {
    file: 'undici/lib/dispatcher/client.js',
    from: `const getDefaultNodeMaxHeaderSize = http &&
  http.maxHeaderSize &&
  Number.isInteger(http.maxHeaderSize) &&
  http.maxHeaderSize > 0
  ? () => http.maxHeaderSize
  : () => { throw new InvalidArgumentError('http module not available or http.maxHeaderSize invalid') }
`,
    to: "const getDefaultNodeMaxHeaderSize = () => require('node:http').maxHeaderSize\n",
  },
  { file: 'undici/lib/core/util.js', from: "const { IncomingMessage } = require('node:http')\n", to: '' },
  {
    file: 'undici/lib/core/util.js',
    from: 'Object.getPrototypeOf(stream).constructor === IncomingMessage',
    to: "Object.getPrototypeOf(stream).constructor.name === 'IncomingMessage'",
  },
];

/** Lets bundled packages load what they seldom need when they need it. Throws where a package has changed. */
export function loadLater(modules: string): Plugin {
  return {
    name: 'load-later',
    transform(code, id) {
      const file = relative(modules, id);
      const changes = CHANGES.filter((each) => join(each.file) === file);
      return changes.length === 0 ? null : changes.reduce(changed, code);
    },
  };
}

function changed(code: string, { file, from, to }: Change): string {
  const parts = code.split(from);
  if (parts.length !== 2) throw new Error(`${file} has changed: expected once\n${from}`);
  return parts.join(to);
}
