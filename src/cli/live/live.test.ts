import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { healthyStatus, troubledStatus } from "../../report/testing/statuses.ts";
import { drawLines } from "./draw-lines.ts";
import { lastLine, type Mode, type Pressed, press } from "./operate.ts";
import { keyReader } from "./read-keys.ts";

const esc = "\u001b";

describe("keys", () => {
  it("letters are themselves, the rest has names, sequences are nothing", () => {
    expect(keyReader()("pD\u0003\u001a\r")).toEqual(["p", "D", "interrupt", "suspend", "enter"]);
    expect(keyReader()(`${esc}[A${esc}OP${esc}[1;5C${esc}[?62;4cq`)).toEqual(["q"]);
    expect(keyReader()(esc)).toEqual(["escape"]);
  });

  it("what is pasted is no key, in however many pieces it comes", () => {
    const read = keyReader();
    expect(read(`${esc}[200~Dy and`)).toEqual([]);
    expect(read(`more Dy${esc}[201~q`)).toEqual(["q"]);
  });

  it("wherever a slow line cuts what it carries, a paste or an arrow is no key, and what follows is", () => {
    for (const text of [`${esc}[200~Dy and${esc}[201~q`, `${esc}[1;5Dq`, `${esc}ODq`]) {
      for (let at = 1; at < text.length; at += 1) {
        const read = keyReader();
        const keys = [...read(text.slice(0, at)), ...read(text.slice(at))];
        // An escape by itself is a key as long as nothing has followed.
        expect(keys.filter((key) => key !== "escape" || at !== 1)).toEqual(["q"]);
      }
    }
  });
});

describe("what keys do", () => {
  const all = (keys: string, status = healthyStatus) =>
    [...keys].reduce<Pressed>((before, key) => press(before.mode, key, status), { mode: { at: "view" } });

  it("p and a number pin, d and a number drain, a takes back", () => {
    expect(all("p2").deed).toEqual({ do: "order", order: { order: "pin", port: "wlan0" } });
    expect(all("d1").deed).toEqual({ do: "order", order: { order: "drain", port: "em1" } });
    expect(all("a").deed).toEqual({ do: "order", order: { order: "auto", ports: [] } });
  });

  it("a drained port is given back by the same keys", () => {
    const ports = healthyStatus.ports.map((port) => ({ ...port, drained: port.name === "em1" }));
    expect(all("d1", { ...healthyStatus, ports }).deed).toEqual({
      do: "order",
      order: { order: "auto", ports: ["em1"] },
    });
  });

  it("a pin to a port through which nothing gets, and a drill, want a y", () => {
    const { mode, deed } = all("p1", troubledStatus);
    expect(deed).toBeUndefined();
    expect(lastLine(mode, troubledStatus, 80).text).toContain("192.168.1.254 doesn't answer");
    expect(all("p1y", troubledStatus).deed).toEqual({ do: "order", order: { order: "pin", port: "em1" } });
    expect(all("Dy").deed).toEqual({ do: "drill" });
    for (const other of ["Dn", "D ", "Dq", "Dd"]) expect(all(other)).toMatchObject({ answer: "Nothing was done." });
  });

  it("without an agent orders are refused with what to do", () => {
    const { agent: _agent, ...rest } = healthyStatus;
    for (const key of ["p", "d", "a"])
      expect(all(key, { ...rest, source: "kernel" }).answer).toContain("systemctl start holdfast-agent");
  });

  it("nothing but y, after D or a doubtful pin, does what may cost traffic", () => {
    const key = fc.constantFrom(..."pdaDwhq?y12n \u001b");
    fc.assert(
      fc.property(fc.array(key, { maxLength: 12 }), (keys) => {
        let mode: Mode = { at: "view" };
        for (const each of keys) {
          const before: Mode = mode;
          const pressed = press(mode, each, troubledStatus);
          mode = pressed.mode;
          const isRisky =
            pressed.deed?.do === "drill" ||
            (pressed.deed?.do === "order" &&
              "port" in pressed.deed.order &&
              pressed.deed.order.port === "em1" &&
              pressed.deed.order.order === "pin");
          if (isRisky) expect([before.at, each]).toEqual(["sure", "y"]);
        }
      }),
    );
  });
});

describe("drawing", () => {
  it("touches the lines that changed, and nothing where none did", () => {
    expect(drawLines(["a", "b", "c"], ["a", "B", "c"])).toBe(`${esc}[?2026h${esc}[2;1HB${esc}[K${esc}[?2026l`);
    expect(drawLines(["a"], ["a"])).toBe("");
    expect(drawLines(["a", "b"], ["a"])).toContain(`${esc}[2;1H${esc}[K`);
    expect(drawLines(undefined, ["a"])).toContain(`${esc}[2J`);
  });
});
