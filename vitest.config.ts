import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They only end what hangs: a loaded machine may be ten times slower.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // Starts a Kafka or a MongoDB once a test file asks for it.
    globalSetup: ['test/support/servers/vitest-setup.ts'],
    // Two cores: process tests start children of their own.
    maxWorkers: 2,
  },
});
