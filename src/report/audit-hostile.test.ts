import { describe, expect, test } from "vitest";
import { auditDocument } from "../api/data/audit-document.ts";
import { plainStyle } from "../diagnostic/text-style.ts";
import { type LldpNeighbour, nothingHeard } from "../model/network-sight.ts";
import { audit } from "../topology/audit/audit.ts";
import { twoRouters } from "../topology/testing/houses.ts";
import { decodeLldp, encodeLldp } from "../wire/lldp.ts";
import { renderAuditHtml, renderAuditPicture } from "./audit-html.ts";
import { renderAuditText } from "./audit-terminal.ts";
import { faultIn } from "./testing/well-formed.ts";

/** What a switch of somebody else's might call itself: markup, a terminal's orders, text that runs backwards, a line of its own, a shell's. */
const names = [
  `"><script>alert(1)</script><img src=x onerror=alert(1)>`,
  "]]></style></svg><svg onload=alert(1)>",
  "\u001b]0;owned\u0007\u001b[2J\u001b[31mred",
  "\u009b2Jsw\u202egnitrats",
  "sw\r\n✓ No single point of failure.\n",
  "'; reboot #$(reboot)`reboot`",
  "x".repeat(255),
];

/** As it comes over the wire: the bytes of its LLDP, at both ports. */
function heardFrom(name: string) {
  const said = (port: string): LldpNeighbour => ({
    chassis: { kind: "local", value: name },
    port: { kind: "name", value: `${name}${port}`.slice(0, 254) },
    portDescription: name,
    ttlSeconds: 120,
    systemName: name,
    roles: ["bridge"],
  });
  const ports = ["eth0", "eth1"].map((port) => {
    const neighbour = decodeLldp(encodeLldp(said(port)));
    if (neighbour === undefined) throw new Error("LLDP that isn't read");
    return { port, neighbours: [neighbour], bridges: [], stations: [], hearsOwn: false };
  });
  return { ...nothingHeard, listenedMs: 35_000, ports };
}

describe.each(names)("a switch that calls itself %j", (name) => {
  const found = audit(twoRouters, [], heardFrom(name));

  test("is told of as text: in the terminal", () => {
    const text = renderAuditText(found, "home.yaml", plainStyle(80));
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(text.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
    expect(text).not.toMatch(/^✓ No single point/m);
  });

  test("on the page and in the picture", () => {
    const page = renderAuditHtml({ audit: found, config: twoRouters, subject: "home.yaml", faults: [] });
    const picture = renderAuditPicture({ audit: found, config: twoRouters });
    for (const markup of [page, picture]) {
      expect(markup).not.toMatch(/<script|<img|<svg onload/);
      expect(markup.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
      expect(faultIn(markup)).toBeUndefined();
    }
  });

  test("and for programs", () => {
    const document = JSON.stringify(auditDocument(found));
    expect(document).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(document)).toEqual(auditDocument(found));
    expect(found.sightings).not.toEqual([]);
  });
});
