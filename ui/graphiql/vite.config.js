import { defineConfig } from 'vite';

export default defineConfig({
  base: '/graphql/static/',
  build: {
    outDir: '../../app/graphql/static',
    emptyOutDir: true,
    // Monaco alone is 3 MB; the page is for people at work, not for a first impression over a phone.
    chunkSizeWarningLimit: 8000,
    target: 'es2022',
    rolldownOptions: {
      onLog(level, log, handle) {
        // "use client" means nothing outside of a React server.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  worker: { format: 'es' },
});
