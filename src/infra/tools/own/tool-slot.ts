import { Slot } from '../../../stages/registry/slot.ts';
import type { OwnTool } from './tool-definition.ts';

/** Ours, which a name of one's own would hide. */
const OURS: ReadonlySet<string> = new Set(['search_documents', 'open_document', 'web_search', 'open_page']);

/** Where tools of one's own are registered. */
export const toolSlot = new Slot<OwnTool>({
  noun: 'tool',
  names: {
    pattern: /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/,
    expected: 'a-z, 0-9 and single _, such as part_number',
  },
  faultIn: (tool) => {
    const { name, open } = Object(tool);
    if (OURS.has(name)) return 'Millrace itself has a tool of that name. Give it another name';
    return typeof open === 'function' ? undefined : 'expected what defineTool({ … }) gives';
  },
  own: [],
});
