import { describe, expect, it } from "vitest";
import { packArchive } from "./cpio.ts";
import { loadOrder, payloadOf } from "./stock-kernel.ts";

describe("a distribution's kernel, made ready", () => {
  it("has its drivers loaded behind what they need, each once", () => {
    const dep = [
      "kernel/fs/9p/9p.ko: kernel/net/9p/9pnet.ko kernel/fs/netfs/netfs.ko",
      "kernel/net/9p/9pnet_virtio.ko: kernel/net/9p/9pnet.ko kernel/drivers/virtio/virtio.ko",
      "kernel/net/9p/9pnet.ko:",
      "kernel/net/wireless/cfg80211.ko: kernel/net/rfkill/rfkill.ko",
      "kernel/drivers/net/wireless/mac80211_hwsim.ko.xz: kernel/net/mac80211/mac80211.ko kernel/net/wireless/cfg80211.ko kernel/net/rfkill/rfkill.ko",
      "kernel/sound/unwanted.ko:",
    ].join("\n");
    const names = loadOrder(dep).map((path) => path.slice(path.lastIndexOf("/") + 1));
    expect(names).toEqual([
      "virtio.ko",
      "9pnet.ko",
      "9pnet_virtio.ko",
      "netfs.ko",
      "9p.ko",
      "rfkill.ko",
      "cfg80211.ko",
      "mac80211.ko",
      "mac80211_hwsim.ko.xz",
    ]);
  });

  it("is taken out of its boot image by what the header says", () => {
    const image = Buffer.alloc(2048);
    image.write("HdrS", 0x202);
    image.writeUInt8(1, 0x1f1);
    image.writeUInt32LE(16, 0x248);
    image.writeUInt32LE(5, 0x24c);
    image.write("inner", 1024 + 16);
    expect(payloadOf(image).toString()).toBe("inner");
    expect(() => payloadOf(Buffer.alloc(2048))).toThrow("no bzImage");
  });

  it("gets a first root whose parts begin at multiples of four", () => {
    const archive = Buffer.from(packArchive([{ path: "m" }, { path: "m/a.ko", bytes: Buffer.from("12345") }]));
    expect(archive.length % 4).toBe(0);
    const at = archive.indexOf("070701", 6);
    expect(at % 4).toBe(0);
    // Mode 0100755, size 5.
    expect(archive.toString("latin1", at + 14, at + 22)).toBe("000081ed");
    expect(archive.toString("latin1", at + 54, at + 62)).toBe("00000005");
    expect(archive.includes("m/a.ko\u0000")).toBe(true);
    expect(archive.includes("TRAILER!!!")).toBe(true);
  });
});
