import { parseHoldfast } from "../../config/parse-holdfast.ts";
import type { Config } from "../../model/config.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { readText } from "./read-files.ts";

/** The configuration at an absolute path, if it has no errors; else the first of them. */
export async function readConfig(path: string): Promise<Result<Config, string>> {
  const read = await readText(path);
  if (typeof read === "string") return failed(`it can't be read: ${read}`);
  const { config, diagnostics } = parseHoldfast(path, read.text);
  const first = diagnostics.find(({ severity }) => severity === "error");
  return first === undefined ? ok(config) : failed(first.message);
}
