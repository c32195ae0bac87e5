import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePcap, encodePcapng, markPackets } from "./pcapng.ts";

/** As tcpdump writes it. */
function pcap(magic: number, isLittle: boolean, packets: readonly (readonly [number, number, string])[]): Uint8Array {
  const records = packets.flatMap(([seconds, fraction, text]) => {
    const bytes = Buffer.from(text);
    return [words(isLittle, seconds, fraction, bytes.length, bytes.length + 100), bytes];
  });
  return Buffer.concat([words(isLittle, magic, 0x00040002, 0, 0, 128, 1), ...records]);
}

function words(isLittle: boolean, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) {
    if (isLittle) bytes.writeUInt32LE(value, index * 4);
    else bytes.writeUInt32BE(value, index * 4);
  }
  return bytes;
}

test.each([
  ["microseconds", 0xa1b2c3d4, true, 5_000_007_000n],
  ["nanoseconds", 0xa1b23c4d, true, 5_000_000_007n],
  ["of a machine with the other byte order", 0xa1b23c4d, false, 5_000_000_007n],
])("a pcap in %s is read", (_, magic, isLittle, atNs) => {
  expect(decodePcap(pcap(magic, isLittle, [[5, 7, "frame"]]))).toMatchObject({
    linkType: 1,
    packets: [{ atNs, bytes: Buffer.from("frame"), length: 105 }],
  });
});

test("a capture that was killed is read as far as it goes, and nothing that is none throws", () => {
  const whole = pcap(0xa1b2c3d4, true, [
    [1, 0, "first"],
    [2, 0, "second"],
  ]);
  expect(decodePcap(whole.subarray(0, whole.length - 2))?.packets).toHaveLength(1);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => decodePcap(bytes) === undefined));
});

test("a mark stands on the first packet after its moment, and says how far off it is", () => {
  const packet = (atMs: number) => ({
    interface: 0,
    atNs: BigInt(atMs) * 1_000_000n,
    bytes: Uint8Array.of(0),
    length: 1,
  });
  const marked = markPackets(
    [packet(30), packet(10), packet(20)],
    [
      { atNs: 12_500_000n, text: "cut" },
      { atNs: 99_000_000n, text: "mended" },
    ],
  );
  expect(marked.map(({ comments }) => comments)).toEqual([
    [],
    ["cut (7.5 ms before this packet)"],
    ["mended (69.0 ms after this packet)"],
  ]);
});

const hasTshark = spawnSync("tshark", ["--version"], { stdio: "ignore" }).status === 0;

test.skipIf(!hasTshark)(
  `tshark reads it: interfaces, times to the nanosecond, comments${hasTshark ? "" : " (skipped: no tshark)"}`,
  () => {
    const place = mkdtempSync(join(tmpdir(), "holdfast-pcapng-"));
    const frame = Buffer.concat([Buffer.alloc(12, 0x02), Buffer.from([0x08, 0x06]), Buffer.alloc(29)]);
    const comments = ["cut: em1 – “set down”", "second word"];
    const packets = [
      { interface: 0, atNs: 1_700_000_000_123_456_789n, bytes: frame, length: 60, comments: [] },
      { interface: 1, atNs: 1_700_000_001_000_000_001n, bytes: frame.subarray(0, 21), length: 60, comments },
    ];
    const port = (name: string) => ({ name, description: `port ${name}`, linkType: 1, snapLength: 128 });
    const file = join(place, "drill.pcapng");
    const capture = { application: "holdfast", comment: "a drill", interfaces: [port("em1"), port("em2")], packets };
    writeFileSync(file, encodePcapng(capture));
    const fields = ["frame.time_epoch", "frame.interface_name", "frame.cap_len", "frame.len", "frame.comment"];
    const said = spawnSync("tshark", ["-r", file, "-T", "fields", ...fields.flatMap((field) => ["-e", field])], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    rmSync(place, { recursive: true });
    expect(said.stdout.trim().split("\n")).toEqual([
      "1700000000.123456789\tem1\t43\t60\t",
      `1700000001.000000001\tem2\t21\t60\t${comments.join(",")}`,
    ]);
  },
  30_000,
);
