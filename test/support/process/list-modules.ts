import { registerHooks } from 'node:module';
import process from 'node:process';

// Loaded with `--import`: writes the URL of every module that the process has loaded, when it ends.
const loaded: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});
process.on('exit', () => process.stderr.write(`${loaded.join('\n')}\n`));
