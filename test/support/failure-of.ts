export { failureOf } from '../../src/testing/failure-of.ts';
