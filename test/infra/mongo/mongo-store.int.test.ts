import { describeStore } from '../../conformance/store-suite.ts';
import { describeOnMongo } from '../../support/servers/on-servers.ts';
import { openedStore } from './opened.ts';

await describeOnMongo('on a real MongoDB', (uri) => {
  describeStore('MongoDB', () => openedStore(uri));
});
