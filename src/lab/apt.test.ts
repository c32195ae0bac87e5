import { describe, expect, it } from "vitest";
import { parseSimulation } from "./apt.ts";

describe("parseSimulation", () => {
  it("names what would be added or replaced, in its new version, and nothing else", () => {
    const text = [
      "Reading package lists...",
      "The following NEW packages will be installed:",
      "  ifupdown libnftnl11",
      "Remv netplan.io [0.106-2]",
      "Inst libnftnl11 (1.2.4-2 Debian:12.5/stable [amd64])",
      "Inst ifupdown [0.8.36] (0.8.41 Debian:12.5/stable, Debian-Security:12/stable-security [amd64])",
      "Inst iproute2 (6.1.0-3 Debian:12.5/stable [all]) []",
      "Conf ifupdown (0.8.41 Debian:12.5/stable [amd64])",
    ].join("\n");
    expect(parseSimulation(text)).toEqual([
      { name: "libnftnl11", version: "1.2.4-2", architecture: "amd64" },
      { name: "ifupdown", version: "0.8.41", architecture: "amd64" },
      { name: "iproute2", version: "6.1.0-3", architecture: "all" },
    ]);
  });
});
