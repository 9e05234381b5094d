export { within } from '../../src/testing/within.ts';
