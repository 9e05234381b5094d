import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../package-root.ts';

const OWN_MODULES: ReadonlyMap<string, string> = new Map([
  ['millrace', 'index'],
  ['millrace/testing', 'testing'],
]);

/**
 * Runs what loads code of the user, in which `import … from 'millrace'` is this very Millrace: a command that is installed
 * globally, or called by `npx`, has no package of that name beside the user's file.
 */
export async function withOwnPackage<T>(load: () => Promise<T>): Promise<T> {
  const isSource = import.meta.filename.endsWith('.ts');
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const own = OWN_MODULES.get(specifier);
      if (own === undefined) return next(specifier, context);
      const path = join(packageRoot(), isSource ? `src/${own}.ts` : `dist/${own}.js`);
      return { url: pathToFileURL(path).href, shortCircuit: true };
    },
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}
