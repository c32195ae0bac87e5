import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partOfAssigned, quoteValue, readAssignments } from "./assignments.ts";
import { readCommands } from "./shell-words.ts";

function read(text: string) {
  const { assignments, strays } = readAssignments("f", text);
  return {
    values: assignments.map(({ name, value }) => `${name}=${value}`),
    strays: strays.map(({ what, at }) => `${what}: ${text.slice(at.start, at.end)}`),
  };
}

describe("a file of assignments", () => {
  test.each([
    ["A=1\nB=two", ["A=1", "B=two"]],
    ["  A=1  # why\n#B=2\n", ["A=1"]],
    ["A='a b' B=\"c d\"", ["A=a b", "B=c d"]],
    ['A="x \\"y\\" \\$z \\n"', ['A=x "y" $z \\n']],
    ["A=a\\ b\\'c", ["A=a b'c"]],
    ["A=a'b'\"c\"d", ["A=abcd"]],
    ["export A=1\ndeclare -x B=2\nexport C", ["A=1", "B=2"]],
    ["A=1; B=2;", ["A=1", "B=2"]],
    ["A=one\\\ntwo", ["A=onetwo"]],
    ['A="one\\\ntwo\nthree"', ["A=onetwo\nthree"]],
    ["A=\nB=\"\"\nC=''", ["A=", "B=", "C="]],
    ["A=1#2", ["A=1#2"]],
    ["A=$'a\\nb\\x41\\101'", ["A=a\nbAA"]],
    ["A=1\r\nB=2\r\n", ["A=1", "B=2"]],
    ["\uFEFFA=1", ["A=1"]],
    ["A=a=b=c", ["A=a=b=c"]],
  ])("%j", (text, values) => {
    expect(read(text)).toEqual({ values, strays: [] });
  });

  test.each([
    ["A = 1", "command: A = 1"],
    ["A= 1", "passing: A= 1"],
    ["A=1 rm -rf /", "passing: A=1 rm -rf /"],
    ["A=1 &", "passing: A=1"],
    ["A=1 | cat", "passing: A=1"],
    ["A=1 > f", "passing: A=1 > f"],
    ["(A=1)", "passing: A=1"],
    ["if true; then", "command: if true"],
    ["'A'=1", "command: 'A'=1"],
    ["A\\B=1", "command: A\\B=1"],
    ["1A=2", "command: 1A=2"],
  ])("nothing is set by %j", (text, stray) => {
    const { values, strays } = read(text);
    expect(values).toEqual([]);
    expect(strays[0]).toBe(stray);
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: a shell's, not ours
  test("what a shell would put in is told, and left as it stands", () => {
    const { assignments } = readAssignments("f", "A=$1\nB=\"x ${Y:-z} $(id -u)\"\nC='$1'\nD=`id`\nE=a$\nF=\\$1");
    expect(assignments.map(({ value, expands }) => [value, expands])).toEqual([
      ["$1", true],
      ["x ${Y:-z} $(id -u)", true],
      ["$1", false],
      ["`id`", true],
      ["a$", false],
      ["$1", false],
    ]);
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: a shell's, not ours

  test("a quote that is never closed ends with its line", () => {
    expect(read('A="x y\nB=1\n')).toEqual({ values: ["A=x y", "B=1"], strays: ['unclosed: A="x y'] });
    expect(read("A='x\nB=1\n")).toEqual({ values: ["A=x", "B=1"], strays: ["unclosed: A='x"] });
  });

  test("here-documents and functions are not looked into", () => {
    expect(read("cat <<EOF\nA=1\nEOF\nB=2").values).toEqual(["B=2"]);
  });

  test("a part of a value is found in the file, whatever its quotes", () => {
    const text = "OPTS='mode=1 '\"miimon=100\"";
    const [opts] = readAssignments("f", text).assignments;
    if (opts === undefined) throw new Error("not read");
    const from = opts.value.indexOf("miimon");
    const { start, end } = partOfAssigned(opts, from, from + 10);
    expect(text.slice(start, end)).toBe("miimon=100");
  });

  test("a value that can be quoted is read back as it was, by this reader and by sh", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const quoted = quoteValue(value);
        if (quoted === undefined) return;
        const { assignments, strays } = readAssignments("f", `A=${quoted}\nB=1`);
        expect(strays).toEqual([]);
        expect(assignments.map(({ name, value: back }) => [name, back])).toEqual([
          ["A", value],
          ["B", "1"],
        ]);
        expect(assignments.some(({ expands }) => expands)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("any text is read, and every place lies in it", () => {
    const noise = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(..."'\"\\`$(){};&|<>#=\n A")));
    fc.assert(
      fc.property(noise, (parts) => {
        const text = parts.join("");
        for (const { words, at } of readCommands("f", text)) {
          for (const place of [at, ...words.map((word) => word.at)])
            expect(place.start >= 0 && place.start <= place.end && place.end <= text.length).toBe(true);
        }
        readAssignments("f", text);
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['A="', "A='", '"\n', "'\n", "\\\n", "$(", "`", "A=1 ", "$((\n", '"$(', "<<E\n", 'a\\\\"\n', "#"])(
    "a megabyte of %j takes no longer than a megabyte",
    (unit) => {
      const text = unit.repeat(1_000_000 / unit.length);
      const start = process.cpuUsage();
      readAssignments("f", text);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1000).toBeLessThan(3000);
    },
  );
});
