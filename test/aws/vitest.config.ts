import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

// Deployed to an emulator of AWS: npm run test:aws.
export default defineConfig({
  test: {
    ...base.test,
    include: ['test/aws/**/*.test.ts'],
    exclude: [],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Each file starts an AWS of its own and deploys to it; on two cores they would only wait for each other.
    fileParallelism: false,
  },
});
