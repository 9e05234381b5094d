import { type Check, failed, ok } from './check.ts';

const NEEDED = 24;

export const nodeVersion: Check = {
  name: 'node',
  look: async () => {
    const major = Number.parseInt(process.versions.node, 10);
    if (major >= NEEDED) return ok(`Node ${process.versions.node}`);
    return failed(`Node ${process.versions.node}`, `install Node ${NEEDED} or newer`);
  },
};
