import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // The page's own files and nothing else: no inlined data, so that the strictest policy for content holds.
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/v1': 'http://127.0.0.1:8431' } },
});
