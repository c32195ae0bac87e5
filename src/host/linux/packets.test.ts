import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { compileFilter } from "../../wire/packet-filter.ts";
import { linuxPackets } from "./packets.ts";

const loopback = Number(readFileSync("/sys/class/net/lo/ifindex", "utf8"));

test("a gauge says whether anything has passed since it was last asked, also when more has than it has room for", async (context) => {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  // Datagrams to that port, whatever else goes over this machine's loopback.
  const ours = compileFilter([[{ load: "half", at: 36, oneOf: [port] }]]);
  const gauge = linuxPackets.openGauge(loopback, ours);
  try {
    if (!gauge.ok) return context.skip(`no packet socket here: ${gauge.error.message}`);
    expect(gauge.value.hasPassed()).toBe(false);
    for (const count of [1, 50, 1]) {
      for (let sent = 0; sent < count; sent += 1) {
        await new Promise((resolve) => socket.send("x", port, "127.0.0.1", resolve));
      }
      await turn();
      expect(gauge.value.hasPassed()).toBe(true);
      expect(gauge.value.hasPassed()).toBe(false);
    }
    gauge.value.close();
  } finally {
    socket.close();
  }
});
