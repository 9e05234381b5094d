/** What `import` and `require` of the package say on a Node that cannot run it. */
const CHECK = `const NEEDED = 24;
if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(\`millrace needs Node \${NEEDED} or newer; this is \${process.version} (\${process.execPath}).\\n\`);
  process.exit(2);
}`;

/**
 * The file that the package gives for an entry: it looks at the version of Node before anything else is read, of which an older one
 * would not understand the first import. \`require\` of a module is synchronous, so both ways to load the package stay so.
 *
 * @param main the file with everything, beside this one.
 * @param names what that file exports.
 */
export function entryFile(main: string, names: readonly string[]): string {
  const exported = names.map((name) => `export const ${name} = main.${name};`);
  const load = `const main = createRequire(import.meta.url)('./${main}');`;
  return ["import { createRequire } from 'node:module';", CHECK, load, ...exported, ''].join('\n');
}

/** The same for a Node that knows no `require` of such modules. */
export const oldNodeFile = `${CHECK}\n`;
