import { configDefaults, defineConfig } from 'vitest/config';

const EXCLUDE = [...configDefaults.exclude, '**/.output/**', '**/.wxt/**', 'models/training/**'];

/** Browser tests wait for real pages on machines that do other things too. */
const E2E_TIMEOUT_MS = 90_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{chat,cli,collector,components,demo,entrypoints,extension,feedback,packs,review,scripts}/**/*.test.{ts,tsx}',
            'tests/unit/**/*.test.{ts,tsx}',
          ],
          exclude: EXCLUDE,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: EXCLUDE,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: EXCLUDE,
          // One browser at a time: two would disturb each other's timing.
          fileParallelism: false,
          expect: { poll: { timeout: 15_000, interval: 50 } },
          testTimeout: E2E_TIMEOUT_MS,
          hookTimeout: E2E_TIMEOUT_MS,
        },
      },
    ],
  },
});
