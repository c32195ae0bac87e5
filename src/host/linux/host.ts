import { ok, type Result } from "../../model/result.ts";
import type { Host, HostError } from "../ports.ts";
import { linuxNet } from "./net.ts";
import { openRequests } from "./netlink-socket.ts";
import { linuxPackets } from "./packets.ts";
import { linuxRadios } from "./radios.ts";
import { linuxResolver } from "./resolver.ts";
import { linuxTables } from "./tables.ts";
import { linuxTime } from "./time.ts";

/** This machine. The error: it has no rtnetlink, or this process may not use it. */
export function openLinuxHost(): Result<Host & { close(): void }, HostError> {
  const requests = openRequests();
  if (!requests.ok) return requests;
  const radios = linuxRadios();
  return ok({
    net: linuxNet(requests.value),
    tables: linuxTables(requests.value),
    packets: linuxPackets,
    resolver: linuxResolver(),
    radios,
    time: linuxTime(),
    close() {
      radios.close();
      requests.value.close();
    },
  });
}
