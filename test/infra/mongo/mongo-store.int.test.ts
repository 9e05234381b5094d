import { afterAll } from 'vitest';
import { describeStore } from '../../conformance/store-suite.ts';
import { describeOnMongo } from '../../support/servers/on-servers.ts';
import { openedInTurn } from './opened.ts';

await describeOnMongo('on a real MongoDB', (uri) => {
  const { open, end } = openedInTurn(uri);
  describeStore('MongoDB', open);
  afterAll(end);
});
