import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codesOf } from "../../diagnostic/print-sarif.ts";
import { type CheckReport, checkPaths } from "../check-paths.ts";
import { printReport, type ReportFormat, reportDocument } from "../print-report.ts";
import { memoryCli } from "../testing/memory-cli.ts";
import { aroundList, listedIn } from "./document-list.ts";
import { checkerFor } from "./part.ts";

/** A slip nobody would know for a secret, whose value is one because another file says so. */
const texts = {
  good: "auto lo\niface lo inet loopback\n",
  unmonitored: "auto bond0\niface bond0 inet dhcp\n    bond-slaves eth0 eth1\n    bond-mode active-backup\n",
  keyed: "auto wlan0\niface wlan0 inet dhcp\n    wpa-ssid Home\n    wpa-psk correcthorse\n",
  quoting: "auto bond0\niface bond0 inet dhcp\n    bond-slaves eth0\n    bond-mode correcthorse\n",
  other: "nothing that anybody would call a network configuration\n",
};

let folder: string;
let paths: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-parts-"));
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  paths = ["good", "unmonitored", "good", "quoting", "missing", "other", "keyed", "unmonitored"].map((name) =>
    join(folder, name),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function whole(format: ReportFormat): Promise<{ text: string; report: CheckReport }> {
  const cli = memoryCli();
  const report = await checkPaths({ paths, cwd: folder });
  await printReport(cli, report, format);
  return { text: cli.printed().stdout, report };
}

async function inParts(format: ReportFormat, size: number): Promise<string[]> {
  const { home, version } = memoryCli();
  const request = { paths: [], cwd: folder };
  const checker = await checkerFor({ request, format, setting: { columns: 100, isColoured: false }, home, version });
  const tallies = [];
  for (let at = 0; at < paths.length; at += size)
    tallies.push(await checker.look(at / size, paths.slice(at, at + size)));
  checker.learn({
    codes: codesOf(tallies.flatMap(({ codes }) => codes.map((code) => ({ code })))),
    secrets: tallies.flatMap(({ secrets }) => secrets),
  });
  return tallies.map((_, part) => checker.print(part)).filter((text) => text !== "");
}

describe("a check in parts", () => {
  it.each([1, 3, 8])("says as text what the whole says, %s paths a part", async (size) => {
    const { text } = await whole("text");
    const printed = (await inParts("text", size)).join("");
    expect(printed).toContain("no-link-monitor");
    expect(text.startsWith(printed)).toBe(true);
    expect(text.slice(printed.length)).toMatch(/^\d+ errors?, .*\n(.*nothing to mend.*\n)+$/);
  });

  it.each(["json", "sarif"] as const)("lists as %s what the whole lists", async (format) => {
    const { text, report } = await whole(format);
    const { home: _, version } = memoryCli();
    const empty = reportDocument({ diagnostics: [], files: new Map() }, format, about(version), {
      codes: codesOf(report.diagnostics),
      redact: (said) => said,
    });
    const [head, tail] = aroundList(empty, format);
    // Where a code is explained is asked of the installation; here it is not looked for.
    const plain = (document: string) => JSON.parse(document, (key, value) => (key === "help" ? undefined : value));
    expect(plain(head + (await inParts(format, 3)).join(",") + tail)).toEqual(plain(text));
    expect(listedIn(text, format)).toBe((await inParts(format, 2)).join(","));
  });

  it("keeps the secret of one path out of the words about another", async () => {
    const printed = (await inParts("json", 1)).join(",");
    expect(printed).not.toContain("correcthorse");
    expect(printed).toContain("********");
  });

  it("says of one part what it comes to", async () => {
    const { home, version } = memoryCli();
    const request = { paths: [], cwd: folder };
    const setting = { columns: 100, isColoured: false };
    const checker = await checkerFor({ request, format: "text", setting, home, version });
    const tally = await checker.look(0, paths.slice(0, 5));
    expect(tally).toMatchObject({ unread: 1, clean: 2 });
    expect(tally.codes).toContain("no-link-monitor");
  });
});

function about(version: string) {
  return { version, docs: () => undefined };
}
