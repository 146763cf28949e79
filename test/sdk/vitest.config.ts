import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

// The emulator against the vendor's own SDK: npm run test:sdk.
export default defineConfig({
  test: {
    ...base.test,
    include: ['test/sdk/**/*.test.ts'],
    exclude: [],
  },
});
