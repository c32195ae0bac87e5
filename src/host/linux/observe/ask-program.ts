import { execFile } from "node:child_process";

/** What a program prints, undefined where it isn't there, fails or takes more than two seconds. In plain words, whatever the user's
 *  language. */
export function askProgram(program: string, words: readonly string[]): Promise<string | undefined> {
  // Tools for administrators are outside many users' PATH.
  const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C" };
  return new Promise((done) => {
    execFile(program, words, { timeout: 2000, env }, (problem, stdout) => done(problem === null ? stdout : undefined));
  });
}
