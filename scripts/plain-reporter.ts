import { relative } from "node:path";
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from "vitest/node";
import type { LeftOut } from "./test-time.ts";

/** Prints failures and skips with their reasons, then, alone on the last line, `N passed, N failed, N skipped`. */
export default class PlainReporter implements Reporter {
  readonly #startedAt = Date.now();
  readonly #tally = { passed: 0, failed: 0, skipped: 0 };
  readonly #skips: string[] = [];
  readonly #failures: string[] = [];

  onTestModuleEnd(module: TestModule): void {
    const tests = [...module.children.allTests()];
    const { leftOut } = module.meta() as LeftOut;
    const known = this.#failures.length;
    if (leftOut === undefined) for (const test of tests) this.#count(module, test);
    else {
      this.#tally.skipped += tests.length;
      this.#skips.push(`${fileOf(module)}, all of its tests: ${leftOut}`);
    }
    for (const error of module.errors()) this.#fail(fileOf(module), [error]);
    for (const suite of module.children.allSuites()) this.#failedHooks(module, suite);
    const took = Math.round(module.diagnostic().duration);
    const mark = module.state() === "failed" ? "FAIL" : "ok  ";
    process.stdout.write(`${mark} ${fileOf(module)}  ${tests.length} tests, ${took} ms\n`);
    // At once, in a line each: where time runs out, the end with the whole reasons is never written.
    for (const text of this.#failures.slice(known)) process.stdout.write(`${text.split("\n", 2).join(":")}\n`);
  }

  onTestRunEnd(_modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    for (const error of errors) this.#fail("outside any test", [error]);
    const { passed, failed, skipped } = this.#tally;
    const seconds = ((Date.now() - this.#startedAt) / 1000).toFixed(1);
    for (const line of this.#skips) process.stdout.write(`skip ${line}\n`);
    for (const text of this.#failures) process.stdout.write(`\n${text}\n`);
    process.stdout.write(`\nin ${seconds} s\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }

  #count(module: TestModule, test: TestCase): void {
    const result = test.result();
    if (result.state === "passed") this.#tally.passed += 1;
    else if (result.state === "failed") this.#fail(`${fileOf(module)} > ${test.fullName}`, result.errors);
    else {
      this.#tally.skipped += 1;
      // `context.skip("why")` arrives as a note; a suite skipped as a whole can only say why in its name.
      const why = result.state === "skipped" && result.note !== undefined ? `: ${result.note}` : "";
      this.#skips.push(`${fileOf(module)} > ${test.fullName}${why}`);
    }
  }

  #failedHooks(module: TestModule, suite: TestSuite): void {
    const errors = suite.errors();
    if (errors.length > 0) this.#fail(`${fileOf(module)} > ${suite.fullName}`, errors);
  }

  #fail(name: string, errors: readonly SerializedError[]): void {
    this.#tally.failed += 1;
    const told = errors.map((error) => `${stackOf(error)}${diffOf(error)}`.replaceAll(/^/gm, "  "));
    this.#failures.push(`FAIL ${name}\n${told.join("\n")}`);
  }
}

function fileOf(module: TestModule): string {
  return relative(process.cwd(), module.moduleId);
}

/** The stack without the runner's own frames. */
function stackOf(error: SerializedError): string {
  const lines = (error.stack ?? error.message).split("\n");
  return lines.filter((line) => !line.includes("/node_modules/")).join("\n");
}

function diffOf(error: SerializedError): string {
  return typeof error["diff"] === "string" ? `\n${error["diff"]}` : "";
}
