import { describe, expect, test } from "vitest";
import type { Config } from "../model/config.ts";
import { nothingHeard } from "../model/network-sight.ts";
import { audit } from "../topology/audit/audit.ts";
import { singleMarks } from "../topology/audit/single-marks.ts";
import { powerlineHouse, twoRouters } from "../topology/testing/houses.ts";
import { renderAuditHtml, renderAuditPicture } from "./audit-html.ts";
import type { AuditInput } from "./audit-input.ts";
import { elements, faultIn } from "./testing/well-formed.ts";

const pageOf = (config: Config, more: Partial<AuditInput> = {}) =>
  renderAuditHtml({ audit: audit(config), config, subject: "home.yaml", faults: [], ...more });
const page = pageOf(powerlineHouse);

test("nothing leaves the page, no script runs in it, and it is well formed", () => {
  expect(page).toContain(`content="default-src &#39;none&#39;;`);
  expect(page).not.toMatch(/<script|<iframe|<object|<link|@import|url\(|javascript:/i);
  expect(faultIn(page)).toBeUndefined();
  for (const each of elements(page, "a")) expect(each.get("href")).toMatch(/^#/);
});

test("each single point leads to its picture, its scenario's command, and what its rehearsal has shown", () => {
  const shown = pageOf(powerlineHouse, {
    faults: [
      { id: "off-router", kernel: { outageMs: null, verdict: "held" }, withAgent: { outageMs: 52, verdict: "held" } },
    ],
  });
  expect(shown).toContain("<h1>2 single points of failure</h1>");
  for (const name of ["single-1", "single-2"]) {
    expect(shown).toContain(`href="#${name}"`);
    expect(shown).toContain(`id="${name}"`);
  }
  expect(shown).toContain("holdfast rehearse home.yaml --scenario off-router");
  expect(shown).toContain("Rehearsed: never back while watched, with the kernel alone; out for 52 ms with the agent.");
  expect(shown).toContain("Not rehearsed here yet. The scenario that shows it is <b>uplink-router</b>");
});

test("no single point: said so first, and the pairs that are left", () => {
  const safe = pageOf(twoRouters);
  expect(safe).toContain('<header class="held">');
  expect(safe).toContain("<h1>No single point of failure</h1>");
  expect(safe).toContain("<li>the line of vdsl to the Internet + the line of lte to the Internet</li>");
  expect(safe).not.toContain('id="singles"');
});

test("hostile names stay text, on the page and in the shell's command", () => {
  const evil = `"><img src=x onerror=alert(1)><script>alert(1)</script>'`;
  const { topology } = powerlineHouse;
  if (topology === undefined) throw new Error("no topology");
  const devices = topology.devices.map((one) => (one.kind === "router" ? { ...one, name: evil, wifi: evil } : one));
  const html = pageOf(
    { ...powerlineHouse, topology: { ...topology, devices, cables: [] } },
    { subject: `${evil};reboot` },
  );
  expect(html).not.toMatch(/<img|<script/);
  expect(faultIn(html)).toBeUndefined();
  expect(html).toContain("&#39;\\&#39;&#39;;reboot&#39; --scenario");
});

describe("the picture", () => {
  test("marks what it draws, and nothing where nothing is single", () => {
    const svg = renderAuditPicture({ config: powerlineHouse, audit: audit(powerlineHouse) });
    expect(svg.match(/class="card single"/g)).toHaveLength(1);
    expect(svg).toMatch(/class="wire live single"/);
    expect(svg).toContain("Single points of failure: the line of router to the Internet, router.</desc>");
    const safe = renderAuditPicture({ config: twoRouters, audit: audit(twoRouters) });
    expect(safe).not.toMatch(/class="[^"]*\bsingle\b|single point of failure/);
  });

  test("names a hub or a switch that it doesn't draw at the ports before which it stands", () => {
    const hub = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1";
    const placed = ["eth0", "eth1"].map((name, n) => ({ name, device: `${hub}/1-1.${n + 1}/1-1.${n + 1}:1.0` }));
    const marks = singleMarks(twoRouters, audit(twoRouters, placed));
    expect([...marks.before]).toEqual([
      ["eth0", "USB device 1-1"],
      ["eth1", "USB device 1-1"],
    ]);
    const bridges = [1, 2].map((port) => [{ mac: "00:1b:21:00:0a:00", port, root: "00:1b:21:00:0a:00" }]);
    const ports = bridges.map((one, n) => ({
      port: `eth${n}`,
      neighbours: [],
      bridges: one,
      stations: [],
      hearsOwn: false,
    }));
    const seen = audit(twoRouters, [], { ...nothingHeard, listenedMs: 5000, ports });
    expect(singleMarks(twoRouters, seen).before.get("eth1")).toBe("bridge 00:1b:21:00:0a:00");
    expect(pageOf(twoRouters, { audit: seen })).toMatch(/No scenario shows it/);
  });

  test("marks the mains where all dies with it", () => {
    const { topology } = powerlineHouse;
    if (topology === undefined) throw new Error("no topology");
    const devices = topology.devices.map((one) => (one.name === "router" ? { ...one, power: "mains" } : one));
    const config = { ...powerlineHouse, topology: { ...topology, devices } };
    expect([...singleMarks(config, audit(config)).supplies]).toEqual(["mains"]);
    expect(renderAuditPicture({ config, audit: audit(config) })).toContain('class="pill mains single"');
  });
});
