import { describe, expect, test } from "vitest";
import { renderHtml } from "./html.ts";
import { styleSheet } from "./style.ts";
import { inputCase } from "./testing/inputs.ts";
import { heldCase, missedCase, noBondCase, repeatCase } from "./testing/rehearsals.ts";
import { elements, faultIn } from "./testing/well-formed.ts";

const page = renderHtml(inputCase(missedCase));

test("nothing leaves the page and no script runs in it", () => {
  expect(page).toContain(`content="default-src &#39;none&#39;;`);
  expect(page).not.toMatch(/<script|<iframe|<object|<link|@import|url\(|javascript:/i);
  for (const name of ["a", "img", "image", "use"]) {
    for (const each of elements(page, name)) expect(each.get("href") ?? each.get("src") ?? "#").toMatch(/^#|^data:/);
  }
});

test("a first reader gets the verdict in a sentence", () => {
  const h1 = (html: string): string =>
    /<h1>(.*?)<\/h1><p class="lede">(.*?)<\/p>/.exec(html)?.slice(1).join(" | ") ?? "";
  expect(h1(page)).toBe(
    "It doesn&#39;t hold: missed 4 of 7 | The worst: the router vdsl hangs, its ports stay up; the host stayed cut off for all the 60 s it was watched.",
  );
  expect(h1(renderHtml(inputCase(heldCase)))).toBe(
    "It holds | Through the one fault that leaves a path, the longest outage was 49 ms; 1 s is allowed.",
  );
  expect(h1(renderHtml(inputCase(noBondCase)))).toContain("No bond came up");
});

test("a scenario says for which others it stands, and what of its promise is left", () => {
  const input = inputCase(heldCase);
  const scenarios = input.scenarios.map((each) => ({ ...each, standsFor: ["off-vdsl", "cable-vdsl"] }));
  const part = heldCase.scenarios.map((each) => ({
    ...each,
    flows: each.flows.map((flow) => (flow.flow === "lan" ? flow : { ...flow, expected: "no-path" as const })),
  }));
  const html = renderHtml({ ...input, rehearsal: { ...heldCase, scenarios: part }, scenarios });
  expect(html).toContain("Stands for: off-vdsl, cable-vdsl, which look the same to the host.");
  expect(html).toMatch(/<th scope="row">.*<small>LAN only: no way to the Internet is left<\/small><\/th>/);
  expect(html).toContain('<p class="aside">LAN only: no way to the Internet is left.</p>');
});

test("hostile names stay text", () => {
  const name = `"><img src=x onerror=alert(1)><script>alert(1)</script>`;
  const [first, ...others] = missedCase.scenarios;
  if (first === undefined) throw new Error("the case has scenarios");
  const html = renderHtml(
    inputCase(
      { ...missedCase, subject: name, scenarios: [{ ...first, id: name, fault: name }, ...others] },
      {
        files: new Map([[name, `auto ${name}\n`]]),
        findings: [{ code: "x", severity: "error", message: name, hint: name }],
      },
    ),
  );
  expect(html).not.toMatch(/<img|<script/);
  expect(faultIn(html)).toBeUndefined();
});

describe("for readers who don't see it", () => {
  test("every picture has a name, every id is there once, every label points somewhere", () => {
    const all = renderHtml(inputCase(repeatCase));
    for (const svg of elements(all, "svg")) {
      expect(
        svg.get("aria-hidden") ?? svg.get("aria-labelledby") ?? svg.get("aria-label") ?? svg.get("role"),
      ).toBeDefined();
    }
    const ids = [...all.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const match of all.matchAll(/aria-labelledby="([^"]*)"/g)) {
      for (const id of (match[1] ?? "").split(" ")) expect(ids).toContain(id);
    }
    for (const link of elements(all, "a")) expect(ids).toContain(link.get("href")?.slice(1));
  });

  test("headings go down one step at a time, header cells say what they head", () => {
    const levels = [...page.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    expect(levels[0]).toBe(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    for (const th of elements(page, "th")) expect(th.get("scope")).toMatch(/^(?:row|col)$/);
  });
});

describe("colours", () => {
  const palette = (css: string): ReadonlyMap<string, string> =>
    new Map([...css.matchAll(/--([\w-]+):#([0-9a-f]+)/g)].map((each) => [each[1] ?? "", each[2] ?? ""]));
  const [light = "", dark = ""] = [...styleSheet.matchAll(/:root\{([^}]*)\}/g)].map((each) => each[1]);

  test.each([
    ["light", palette(light)],
    ["dark", palette(dark)],
  ])("%s text stands out from every ground it stands on", (_name, colours) => {
    for (const text of ["ink", "soft", "held", "missed", "warn", "link"]) {
      for (const ground of ["paper", "card"]) {
        const ratio = contrast(colours.get(text) ?? "", colours.get(ground) ?? "");
        expect(ratio, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(colours.get("ink") ?? "", colours.get("missed-paper") ?? "")).toBeGreaterThanOrEqual(4.5);
  });
});

/** Source: WCAG 2.1, contrast ratio and relative luminance. */
function contrast(a: string, b: string): number {
  const [more = 1, less = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (more + 0.05) / (less + 0.05);
}

function luminance(hex: string): number {
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("missed scenarios stand open, held ones are folded, each with its reason", () => {
  expect(page.match(/<details class="scenario missed" open>/g)).toHaveLength(4);
  expect(page.match(/<details class="scenario held">/g)).toHaveLength(2);
  expect(page).toContain("both routers have the address 192.168.1.1");
});

test("each finding stands under its line, secrets are masked there too", () => {
  const listing = page.slice(page.indexOf('<figure class="file">'));
  expect(listing).toMatch(/bond-master bond0<\/code><\/div><div class="note error"><b>error<\/b>/);
  expect(listing).toContain("wpa-psk ********");
});

test("repeats are drawn as one dot each, with median, p95 and worst in words", () => {
  const html = renderHtml(inputCase(repeatCase));
  expect(html).toContain("20 repeats: median 49 ms, p95 88 ms, worst 90 ms");
  const dots = /<svg class="dots".*?<\/svg>/s.exec(html.slice(html.indexOf("20 repeats")))?.[0] ?? "";
  expect(elements(dots, "circle")).toHaveLength(20);
});
