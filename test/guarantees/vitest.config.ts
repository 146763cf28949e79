import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

// The proof of the guarantees: npm run test:guarantees.
export default defineConfig({
  test: {
    ...base.test,
    include: ['test/guarantees/**/*.test.ts'],
    exclude: [],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
