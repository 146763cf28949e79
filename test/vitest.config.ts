import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Where .ci/run wants the runner's own counts.
const report = process.env['TEST_REPORT'];

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    // What takes minutes has verbs of its own: npm run test:guarantees, npm run test:aws.
    exclude: ['test/guarantees/**', 'test/aws/**'],
    // Times are compared with the vendor's in UTC; a zone that leaks in from the machine must show.
    env: { TZ: 'Pacific/Chatham' },
    testTimeout: 20_000,
    // As many as CI has cores; vitest would leave one of them idle.
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
