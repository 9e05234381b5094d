import type { Plugin } from 'rolldown';

const BEYOND = /\\?[\u0080-\uffff]/g;

/**
 * Writes what is no ASCII as escapes. V8 keeps a source with a single letter beyond Latin-1 in two bytes for each of its letters, and a
 * start reads three million. Throws where an escape would mean something else.
 */
export const inAscii: Plugin = {
  name: 'in-ascii',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk') file.code = file.code.replace(BEYOND, escaped);
  },
};

function escaped(unit: string): string {
  if (unit.startsWith('\\')) throw new Error(`A backslash before ${unit.slice(1)}: leave it out.`);
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
