import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loanOf } from "../lend-addresses.ts";
import { quiet } from "../testing/quiet-host.ts";
import { endOfLoan, type Home } from "./way-home.ts";

const link = { name: "eth0", addresses: ["192.0.2.5/24", "2001:db8::5/64"] } as const;
const route = { to: "default", dev: "eth0", metric: 100, table: 254 } as const;
const routes = [
  { ...route, via: "192.0.2.1", family: "ipv4" },
  { ...route, via: "fe80::1", family: "ipv6" },
] as const;

function homeOfEth0(own: readonly string[] = ["192.0.2.5/24"]): Home {
  const host = { ...quiet, links: [link], routes } as unknown as Parameters<typeof loanOf>[0];
  const before = { bonds: [], interfaces: [] } as unknown as Parameters<typeof loanOf>[1];
  const loan = loanOf(host, before, { from: ["eth0"], to: "eth0", families: "both" });
  if (loan === undefined) throw new Error("nothing is lent");
  return { bond: "bond0", bearer: "eth0", loan, own };
}

const [lent4, given4] = ["default via 192.0.2.1 metric 4000000 onlink \n", "default via 192.0.2.1 onlink \n"];

/** The script, where ip shows these addresses and routes: how it ends, and what it has ip do. */
function ended(
  addresses: string,
  routes6: string,
  routes4 = lent4 + given4,
  { own = ["192.0.2.5/24"], dynamic = "" }: { readonly own?: readonly string[]; readonly dynamic?: string } = {},
): { readonly status: number | null; readonly done: string } {
  const folder = mkdtempSync(join(tmpdir(), "way-home-"));
  try {
    const programs = {
      ip: `case "$*" in *dynamic*) printf '%s' '${dynamic}' ;; *address*) echo '${addresses}' ;; "-4 route"*) printf '%s' '${routes4}' ;; *route*) printf '%s' '${routes6}' ;; *) cat >'${folder}/done' ;; esac`,
      sleep: ":",
    };
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const { argv, stdin = "" } = endOfLoan(homeOfEth0(own));
    const [program, ...words] = argv;
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    const { status } = spawnSync(program, words, { input: stdin, env });
    const done = join(folder, "done");
    return { status, done: existsSync(done) ? readFileSync(done, "utf8") : "" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [lent, given] = ["inet 192.0.2.5/32 scope global eth0", "inet 192.0.2.5/24 brd 192.0.2.255 scope global eth0"];
const lentWay = "default via fe80::1 metric 4000000 onlink pref medium\n";
const givenWay = "default via fe80::1 proto ra metric 1024 expires 1790sec pref medium\n";

test("what was lent is taken when its manager has given address and router, and stays, with a failure, as long as it hasn't", () => {
  const { take } = homeOfEth0().loan;
  expect(ended(given, lentWay + givenWay)).toEqual({ status: 0, done: `${take.join("\n")}\n` });
  expect(ended(lent, lentWay + givenWay)).toEqual({ status: 1, done: "" });
  expect(ended(given, lentWay)).toEqual({ status: 1, done: "" });
  expect(ended(given, "")).toEqual({ status: 1, done: "" });
  // A default route that somebody put there by hand, and no file says: it stays lent.
  expect(ended(given, lentWay + givenWay, lent4)).toEqual({ status: 1, done: "" });
  // Another address that only begins or ends so.
  expect(ended("inet 192.0.2.5/249 inet 1192.0.2.5/24", givenWay)).toEqual({ status: 1, done: "" });
});

test("whatever is leased ends the loan, and not a lent address", () => {
  const both = [lentWay + givenWay, lent4 + given4] as const;
  const own = ["leased"];
  const dynamic = "inet 192.0.2.77/24 scope global dynamic eth0\\n";
  expect(ended(lent, ...both, { own }).status).toBe(1);
  expect(ended(lent, ...both, { own, dynamic }).status).toBe(0);
});
