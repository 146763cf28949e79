import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Where .ci/run wants the runner's own counts.
const report = process.env['TEST_REPORT'];

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    // What takes minutes has verbs of its own: npm run test:guarantees, npm run test:aws, npm run test:sdk.
    exclude: ['test/guarantees/**', 'test/aws/**', 'test/sdk/**'],
    // Times are compared with the vendor's in UTC; a zone that leaks in from the machine must show.
    env: { TZ: 'Pacific/Chatham' },
    // These end a hang and measure nothing. On two cores with a load of thirty, packaging took more than two minutes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    setupFiles: fileURLToPath(new URL('support/vitest/compare-times.ts', import.meta.url)),
    globalSetup: fileURLToPath(new URL('support/vitest/run-folder.ts', import.meta.url)),
    // Loading the modules anew for each file is a third of the work. What a test changes of the process it puts back.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // As many as CI has cores; vitest would leave one of them idle.
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
