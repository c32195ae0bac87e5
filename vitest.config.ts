import { defineConfig } from "vitest/config";
import TestOrder from "./scripts/test-order.ts";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts", "web/**/*.test.ts"],
    // A live FFI poll handle in a worker thread takes the whole process down with it; child processes don't.
    pool: "forks",
    // Labs are processes of their own: more than two side by side only makes each of them slower.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ["./test/arbitrary/seed.ts"],
    reporters: ["./scripts/plain-reporter.ts"],
    runner: "./scripts/test-runner.ts",
    sequence: { sequencer: TestOrder },
  },
});
