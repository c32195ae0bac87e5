import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { hostTree } from "../host/linux/observe/tree.ts";
import { servicesOf } from "./installed-here.ts";

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function services(...paths: readonly string[]) {
  root = mkdtempSync(join(tmpdir(), "holdfast-services-"));
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  return await servicesOf(hostTree(root), "/nowhere");
}

const script = "/etc/init.d/holdfast-recover";
const agent = "/usr/local/lib/systemd/system/holdfast-agent.service";
const wanted = "/etc/systemd/system/sysinit.target.wants/holdfast-recover.service";

const systemd = "/run/systemd/system/x";

test("who takes a change back at boot: a script of init's, and where systemd runs only its unit", async () => {
  expect(await services(script)).toEqual({ service: "other", hasRecover: true });
  const install = "sudo make install";
  expect(await services(script, systemd)).toEqual({ service: "systemd", hasRecover: false, install });
  expect(await services(agent, script, systemd)).toEqual({ service: "systemd", hasRecover: false });
  expect(await services(agent, wanted, systemd)).toEqual({ service: "systemd", hasRecover: true });
});

test("without systemd its units, which are installed everywhere, start nothing", async () => {
  expect(await services(agent, script)).toEqual({ service: "other", hasRecover: true });
  expect(await services(agent, wanted)).toEqual({ service: "other", hasRecover: false });
  expect(await services()).toMatchObject({ service: "other", install: "sudo make install" });
});

test("a copy of a host, where nothing runs: its init says who starts services", async () => {
  await services(agent, wanted);
  mkdirSync(join(root, "sbin"));
  symlinkSync("/lib/systemd/systemd", join(root, "sbin/init"));
  expect(await servicesOf(hostTree(root), "/nowhere")).toEqual({ service: "systemd", hasRecover: true });
});
