import fc from "fast-check";
import { expect, test } from "vitest";
import { type IniGrammar, partOfValue, readIni, wordsOf } from "./ini.ts";

function sections(text: string, grammar: IniGrammar): unknown {
  return readIni("f", text, grammar).sections.map(({ name, entries }) => [
    name,
    ...entries.map(({ key, value }) => `${key}=${value}`),
  ]);
}

test("keeps sections and keys in order, the repeated ones too", () => {
  expect(
    sections("[Match]\nName=a b\n\n[Route]\nGateway = 192.0.2.1 \n[Route]\nGateway=\nDNS=x\nDNS=y\n", "unit"),
  ).toEqual([
    ["Match", "Name=a b"],
    ["Route", "Gateway=192.0.2.1"],
    ["Route", "Gateway=", "DNS=x", "DNS=y"],
  ]);
});

test("a unit's line goes on after a backslash, over comments too", () => {
  const text = "[Match]\nName=eth0 \\\n# not this\n  eth1\\\n; nor this\neth2\nType=ether\n";
  expect(sections(text, "unit")).toEqual([["Match", "Name=eth0    eth1 eth2", "Type=ether"]]);
  const entry = readIni("f", text, "unit").sections[0]?.entries[0];
  if (entry === undefined) throw new Error("no entry");
  expect(wordsOf(entry).map(({ text: word, at }) => [word, text.slice(at.start, at.end)])).toEqual([
    ["eth0", "eth0"],
    ["eth1", "eth1"],
    ["eth2", "eth2"],
  ]);
});

test("two backslashes are none; a continued line that the file ends in counts", () => {
  expect(sections("[A]\nx=1\\\\\ny=2\\", "unit")).toEqual([["A", "x=1\\\\", "y=2"]]);
});

test("a keyfile knows no continuation, no semicolon comment, and keeps what stands at the end", () => {
  expect(sections("[wifi]\n# c\n;ssid=no\r\nssid=a\\\npsk= b \n", "keyfile")).toEqual([
    ["wifi", ";ssid=no", "ssid=a\\", "psk=b "],
  ]);
});

test("names the lines that are none, with their places", () => {
  const text = "x=1\n[A\n[B]\nword\n = 2\n";
  const { problems } = readIni("f", text, "unit");
  expect(problems.map(({ what, at }) => [what, text.slice(at.start, at.end)])).toEqual([
    ["outside-section", "x=1"],
    ["bad-header", "[A"],
    ["no-equals", "word"],
    ["no-key", "= 2"],
  ]);
});

test("takes a byte order mark, carriage returns and NULs as systemd does", () => {
  expect(sections("\uFEFF[A]\r\nx=1\ry=2\0z=3\r\n", "unit")).toEqual([["A", "x=1", "y=2", "z=3"]]);
});

test("places lie in the text, and say what stands there", () => {
  const piece = fc.constantFrom("[A]", "k=v w", " k =  v", "\\", "\n", "#c", ";", "=", " ", "\0", "\uFEFF", "x");
  const text = fc.array(fc.oneof(piece, piece, fc.string()), { maxLength: 40 }).map((all) => all.join(""));
  fc.assert(
    fc.property(text, fc.constantFrom<IniGrammar>("unit", "keyfile"), (source, grammar) => {
      for (const section of readIni("f", source, grammar).sections) {
        expect(source.slice(section.at.start, section.at.end)).toContain("[");
        for (const entry of section.entries) {
          if (!entry.key.includes(" ")) expect(source.slice(entry.keyAt.start, entry.keyAt.end)).toBe(entry.key);
          for (const { text: word, at } of wordsOf(entry)) expect(source.slice(at.start, at.end)).toBe(word);
          const { start, end } = partOfValue(entry, 0, entry.value.length);
          expect(start >= 0 && start <= end && end <= source.length).toBe(true);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("reads a megabyte of anything in linear time", () => {
  for (const unit of ["\\\n", "a=b\\\n", "[", "[A]\n", "=\n", "k=v\n", "\\", "# x\n", " ", "\0", "\r"]) {
    const start = process.cpuUsage();
    readIni("f", `[A]\nk=${unit.repeat(1_000_000 / unit.length)}`, "unit");
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(3000);
  }
});
