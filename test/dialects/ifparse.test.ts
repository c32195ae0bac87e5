import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ifupdownNg } from "../../src/dialects/ifupdown-ng/ifupdown-ng.ts";
import { differences } from "../../src/model/differences.ts";
import { hostConfig } from "../arbitrary/host-config.ts";
import { realProgram } from "./real-program.ts";

const path = "/etc/network/interfaces";

/** ifupdown-ng's own reader, which executes nothing. Of its programs no other may run in a test: as root, `ifup` sets up the machine it
 *  runs on. */
const ifparse = await realProgram({
  variable: "HOLDFAST_IFPARSE",
  paths: ["sbin/ifparse", "usr/sbin/ifparse"],
  packages: ["ifupdown-ng"],
});
const missing = ifparse === undefined ? ": skipped, no ifparse of ifupdown-ng is to be had" : "";

/** The file as ifupdown-ng understands it, written again by itself. */
function redisplayed(text: string): { readonly text: string; readonly complaints: string } {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-ifparse-"));
  try {
    const file = join(folder, "interfaces");
    writeFileSync(file, text);
    const words = ["--interfaces", file, "--executor-path", folder, "--state-file", join(folder, "state")];
    const { stdout = "", stderr = "" } = ifparse?.run([...words, "--format", "ifupdown", "--all"]) ?? {};
    return { text: stdout, complaints: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(ifparse === undefined)(`ifupdown-ng itself reads what is written for it${missing}`, () => {
  test("without a complaint, and means the same", () => {
    fc.assert(
      fc.property(hostConfig(), (config) => {
        const { files } = ifupdownNg.render(config);
        const written = files.get(path) ?? "";
        const theirs = redisplayed(written);
        expect(theirs.complaints, written).toBe("");
        const ours = ifupdownNg.parse(files).config;
        const again = ifupdownNg.parse(new Map([...files, [path, theirs.text]])).config;
        // It makes the loopback up by itself, and tells a DHCP server the name of the machine it runs on.
        const isItsOwn = (about: string) => /^interface\/(?:lo(?:\/|$)|.*\/extra$)/.test(about);
        expect(
          differences(ours, again).filter((about) => !isItsOwn(about)),
          `${written}\n=>\n${theirs.text}`,
        ).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
