import { defineConfig, mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

const config = mergeConfig(usual, defineConfig({}));
/** `npm run test:browsers`: Firefox and WebKit, which `npm test` does not ask for. */
export default {
  ...config,
  test: { ...config.test, include: ['test/browsers/*.test.ts'], exclude: [] },
};
