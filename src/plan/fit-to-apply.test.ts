import { describe, expect, it } from "vitest";
import type { Bond } from "../model/bond.ts";
import { emptyConfig } from "../model/config.ts";
import type { HostState } from "../model/host-state.ts";
import type { BackendName, Change } from "./change.ts";
import { unfitNow } from "./fit-to-apply.ts";
import { quiet } from "./testing/quiet-host.ts";

const bond: Bond = { name: "bond0", ports: ["em1", "em2"], options: {} };
const step = { limitSeconds: 1, why: "", onFailure: "stop" } as const;

function problems(backend: BackendName, state: Partial<HostState>, gone: readonly string[] = []): readonly string[] {
  const change: Change = {
    backend,
    files: [],
    quiesce: [],
    converge: [{ argv: ["ifup", "bond0"], ...step }],
    restore: [],
  };
  const wanted = { ...emptyConfig, bonds: [bond] };
  const merged = {
    files: new Map(),
    secret: new Set<string>(),
    before: wanted,
    after: wanted,
    wanted,
    names: new Set<string>(),
    losses: [],
  };
  return unfitNow({ change, merged }, { ...quiet, ...state }, (program) => !gone.includes(program)).map(
    ({ code, hint }) => `${code}: ${hint}`,
  );
}

const links = (...names: readonly string[]) => names.map((name) => ({ name })) as unknown as HostState["links"];
const both = links("em1", "em2");
const manager = (name: "networkmanager" | "networkd", isRunning: boolean) => ({
  name,
  isRunning,
  isEnabled: true,
  languages: [],
});

describe("before anything is touched, apply refuses", () => {
  it("a manager that is installed and doesn't run", () => {
    const state = { links: both, managers: [manager("networkmanager", false)] };
    expect(problems("networkmanager", state)).toEqual([
      expect.stringContaining("systemctl start NetworkManager.service"),
    ]);
    expect(problems("networkmanager", { links: both, managers: [manager("networkmanager", true)] })).toEqual([]);
    expect(problems("networkd", { links: both })).toEqual([expect.stringContaining("plan-not-running")]);
  });

  it("netplan's renderer that doesn't run, whichever it is", () => {
    const managers = [manager("networkd", true), manager("networkmanager", false)];
    expect(problems("netplan", { links: both, managers })).toEqual([]);
    const inCharge = "networkmanager";
    expect(problems("netplan", { links: both, managers, inCharge })).toEqual([
      expect.stringMatching(/^plan-not-running/),
    ]);
  });

  it("a port that was unplugged since; with another left it can be accepted, with none it can't", () => {
    expect(problems("ifupdown", { links: links("em1") })).toEqual([
      expect.stringMatching(/^plan-port-missing: Plug it in .*--accept plan-port-missing/),
    ]);
    expect(problems("ifupdown", { links: links("lo") })).toEqual([expect.stringMatching(/^plan-no-port: /)]);
  });

  it("a program that a step needs and that isn't installed", () => {
    expect(problems("ifupdown", { links: both }, ["ifup"])).toEqual([
      expect.stringMatching(/^plan-program-missing: Install the package that has ifup/),
    ]);
  });
});
