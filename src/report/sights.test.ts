import { describe, expect, it } from "vitest";
import type { Sight } from "../measure/sight.ts";
import { renderSights } from "./html-sights.ts";
import { renderMarkdown } from "./markdown.ts";
import { saySsh, saySshAll, sightRows } from "./sight-words.ts";
import { heldCase, scenarioCase } from "./testing/rehearsals.ts";

const ethernet = "02:00:00:00:00:01";
const radio = "02:00:00:00:00:02";

/** A bond whose ports keep their own MAC addresses. */
const sight = (when: Sight["when"], mac: string, activePort: string, rxPackets: number): Sight => ({
  when,
  atMs: 0,
  bond: { name: "bond0", mac, activePort },
  neighbour: { node: "client", address: "192.168.1.105", mac },
  links: [{ port: "wlan0", mac: radio, bssid: "02:00:00:00:00:fe", ssid: "Net", frequencyMhz: 2437, signalDbm: -30 }],
  stations: [
    {
      accessPoint: "router",
      mac: radio,
      whose: "host",
      authorized: true,
      rxPackets,
      txPackets: 7,
      inactiveMs: 1,
      connectedS: 2,
    },
  ],
});
const sights = [
  sight("before", ethernet, "em1", 6),
  sight("during", radio, "wlan0", 2_239),
  sight("after", ethernet, "em1", 2_358),
];
const brownout = scenarioCase({ id: "power-mains", fault: "the mains fail", kind: "power", sights });

describe("what was known of whom", () => {
  it("says what is other than before", () => {
    const [lan, bond, link, station] = sightRows(brownout);
    expect(lan).toMatchObject({ name: "client finds 192.168.1.105 at" });
    expect(lan?.cells.map(({ text, isNew }) => [text, isNew])).toEqual([
      [ethernet, false],
      [radio, true],
      [ethernet, false],
    ]);
    expect(bond?.cells.map(({ text }) => text)).toEqual(["em1", "wlan0", "em1"]);
    expect(link?.cells[0]).toEqual({ text: "joined Net", aside: "2437\u00a0MHz, −30\u00a0dBm", isNew: false });
    expect(station?.cells[1]).toEqual({ text: radio, aside: "2,239 frames from it, 7 to it", isNew: false });
  });

  it("of one that isn't joined, and of one whose key is unproven", () => {
    const apart = { ...sight("during", ethernet, "em1", 0), links: [{ port: "wlan0", mac: radio }], stations: [] };
    const rows = sightRows({ sights: [sight("before", ethernet, "em1", 6), apart] });
    expect(rows.map(({ cells }) => cells[1]?.text).slice(2)).toEqual(["not joined", "not in it"]);
  });

  it("stands in the page and in the pull request, and nowhere where nothing was looked at", () => {
    expect(renderSights(brownout).markup).toContain("While it lasts");
    expect(renderSights(scenarioCase({ id: "a", fault: "a", kind: "carrier" })).markup).toBe("");
    const page = renderMarkdown({ ...heldCase, scenarios: [brownout] }, (text) => text);
    expect(page).toContain("| The LAN: client finds 192.168.1.105 at |");
    expect(page).toContain(`**${radio}**`);
  });
});

describe("an ssh session", () => {
  it("is told of with how long it stood still and how far it had counted", () => {
    expect(saySsh({ survived: true, stallMs: 180, counted: 1771 })).toBe("180 ms (counted to 1,771)");
    expect(saySsh({ survived: false, stallMs: null, counted: 12, trouble: "closed" })).toBe("broke (counted to 12)");
    const ssh = { survived: true, stallMs: 180, counted: 771 };
    const rehearsal = {
      ...heldCase,
      scenarios: [
        { ...brownout, ssh },
        { ...brownout, ssh: { ...ssh, stallMs: 50 } },
      ],
    };
    expect(saySshAll(rehearsal)).toBe(
      "A real ssh session lived through 2 of the 2 faults that leave it a way, and stood still for 180 ms at most.",
    );
    expect(saySshAll({ ...heldCase, scenarios: [brownout] })).toBe("");
  });
});
