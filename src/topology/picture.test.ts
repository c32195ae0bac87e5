import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Config } from "../model/config.ts";
import { emptyConfig } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import type { BondUp } from "./came-up.ts";
import { renderPicture } from "./picture.ts";
import { drawRoute } from "./picture-edges.ts";
import { layOut, sizes } from "./picture-layout.ts";
import { pictureText } from "./picture-text.ts";
import { allScenarios } from "./scenarios.ts";
import { benchHouse, bigHouse, powerlineHouse, twoRouters } from "./testing/houses.ts";
import { anyHouse } from "./testing/random-house.ts";

const faulty = (config: Config, id: string) => {
  const fault = allScenarios(config).find((scenario) => scenario.id === id);
  return renderPicture(config, fault === undefined ? {} : { fault });
};

const upFaulty = (id: string, up: readonly BondUp[]) => {
  const fault = allScenarios(twoRouters).find((scenario) => scenario.id === id);
  return renderPicture(twoRouters, { up, ...(fault === undefined ? {} : { fault }) });
};

/** Tags that are opened and never closed, or closed and never opened. */
function unbalanced(svg: string): readonly string[] {
  const open: string[] = [];
  for (const [, close, name = "", empty] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (empty === "/") continue;
    if (close === "/") {
      if (open.pop() !== name) return [name];
    } else open.push(name);
  }
  return open;
}

describe("the picture", () => {
  test("says in words what it shows", () => {
    expect(renderPicture(powerlineHouse)).toContain(
      "<desc>bond0: em1 (active) leads over plc-a, plc-b, router, Internet; wlan0 leads over router, Internet.</desc>",
    );
  });

  test("needs nothing from outside and brings no ids, so that many fit in one page", () => {
    const svg = renderPicture(bigHouse);
    expect(svg).not.toMatch(/\sid=|href|url\(|<script|@import/);
    expect(svg.match(/http[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
  });

  test("escapes every name", () => {
    const evil = `</text><script>alert("1")</script>&'`;
    const svg = renderPicture({
      ...emptyConfig,
      bonds: [{ name: evil, ports: [evil], options: {} }],
      topology: { devices: [{ name: evil, kind: "router", power: evil, wifi: evil }], cables: [], power: [] },
    });
    expect(svg).not.toContain("<script");
    expect(unbalanced(svg)).toEqual([]);
    expect(svg).not.toContain(`alert("`);
  });

  test("a fault is named and marked, and the way that is left is shown", () => {
    const svg = faulty(powerlineHouse, "powerline-plc-a-plc-b");
    expect(svg).toContain("✕ the powerline between plc-a and plc-b is lost</text>");
    expect(svg).toContain("carrier, no path");
    expect(svg).toContain("way left");
    expect(svg).toContain('class="wire struck"');
  });

  test("what still carries something is marked with what it loses, not as dead", () => {
    expect(faulty(benchHouse, "loss-30-eth0")).toContain(">30 %</text>");
    expect(faulty(benchHouse, "hang-sw-a")).toContain(">hangs</text>");
    expect(faulty(twoRouters, "replace-vdsl")).toContain(">new</text>");
  });

  test("the port that is active is marked", () => {
    expect(renderPicture(twoRouters, { activePort: "eth1" })).toContain("eth1 (active)");
  });

  test("a bond that never came up: ports bare, no address, no live way", () => {
    for (const svg of [renderPicture(twoRouters, { up: [] }), upFaulty("cable-eth0", [])]) {
      expect(svg).toContain(">bond0 never came up</text>");
      expect(svg.match(/>in no bond</g)).toHaveLength(2);
      expect(svg).not.toMatch(/class="(wire[^"]* live|bar|port on)|192\.168\.1\.10\/|\(active\)|active-backup/);
    }
  });

  test("balance-rr: all ports send and say so, into a fault too", () => {
    const rr = { name: "bond0", mode: "balance-rr", activePort: "", ports: ["eth0", "eth1"] };
    const whole = renderPicture(twoRouters, { up: [rr] });
    expect(whole).toContain("eth0 (sends) leads over vdsl, Internet; eth1 (sends) leads over lte, Internet.");
    expect(whole).toContain(">balance-rr</text>");
    expect(whole.match(/class="wire live" d="M\d\d+/g)).toHaveLength(4);
    expect(upFaulty("cable-eth0", [rr])).toMatch(/>no carrier<.*>sends</s);
  });

  test("a port that did not join is not in the bond; without a bond meant all stays as declared", () => {
    const half = { name: "bond0", mode: "active-backup", activePort: "eth1", ports: ["eth1"] };
    expect(renderPicture(twoRouters, { up: [half] })).toMatch(/eth1 \(active\).*>not in the bond</s);
    const plain = { ...twoRouters, bonds: [] };
    expect(renderPicture(plain, { up: [] })).toBe(renderPicture(plain));
  });

  test.each([powerlineHouse, twoRouters, benchHouse])("usual houses fit 900 px", (config) => {
    expect(renderPicture(config)).toContain('viewBox="0 0 900 ');
  });
});

describe("any topology", () => {
  test("cards overlap neither each other nor the host, and all lies within the picture", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        const layout = layOut(buildGraph(config), 40);
        for (const [n, card] of layout.cards.entries()) {
          expect(card.x - layout.cardWidth / 2).toBeGreaterThan(layout.host.x + layout.host.width);
          expect(card.x + layout.cardWidth / 2).toBeLessThanOrEqual(layout.width - sizes.margin + 0.1);
          expect(card.y - sizes.cardHeight / 2).toBeGreaterThan(40);
          expect(card.y + sizes.cardHeight / 2).toBeLessThan(layout.height - 40);
          for (const other of layout.cards.slice(n + 1)) {
            const apart =
              Math.abs(card.x - other.x) > layout.cardWidth || Math.abs(card.y - other.y) > sizes.cardHeight + 12;
            expect(apart, `${card.node.label} and ${other.node.label}`).toBe(true);
          }
        }
        for (const [n, chip] of layout.chips.entries()) {
          expect(chip.y - sizes.chipHeight / 2).toBeGreaterThan(layout.host.y + 56);
          for (const other of layout.chips.slice(n + 1)) {
            expect(Math.abs(chip.y - other.y)).toBeGreaterThan(sizes.chipHeight);
          }
        }
        for (const route of layout.routes) {
          for (const point of drawRoute(route).line) expect(Number.isFinite(point.x + point.y)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is well-formed under every fault", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        for (const fault of allScenarios(config).slice(0, 12)) {
          expect(unbalanced(renderPicture(config, { fault }))).toEqual([]);
        }
      }),
      { numRuns: 6 },
    );
  });

  test("as text stays within 100 columns and says every port that leads somewhere", () => {
    fc.assert(
      fc.property(anyHouse, (config) => {
        const text = pictureText(config);
        for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 40 },
    );
  });
});

test("the text picture", () => {
  const fault = allScenarios(powerlineHouse).find((scenario) => scenario.id === "power-mains");
  expect(pictureText(powerlineHouse, fault === undefined ? {} : { fault }).split("\n")).toEqual([
    "✕ the mains fail, the UPS carries its load: plc-a and plc-b go dark",
    "bond0 · 192.168.1.105/24 · UPS",
    "  ○ em1   ── ✕plc-a (mains) ~~ ✕plc-b (mains) ── router (UPS) ── Internet",
    "  ● wlan0 ))) router (UPS) ── Internet",
    "  also:",
    "    LAN client ── router (UPS)",
  ]);
});
