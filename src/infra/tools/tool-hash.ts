import { createHash } from 'node:crypto';
import { canonical } from '../../stages/text/canonical-json.ts';
import type { Tool } from '../../stages/tools/tool.ts';

/** Names a tool by all that a model is told of it, and by its version. */
export function toolHash({ name, version, description, parameters }: Tool): string {
  return createHash('sha256')
    .update(canonical([name, version, description, parameters]))
    .digest('hex')
    .slice(0, 12);
}
