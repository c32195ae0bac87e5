import { ok } from "../../model/result.ts";
import { RTM_DELADDR, RTM_NEWADDR } from "../../wire/address.ts";
import { fromU8 } from "../../wire/bytes.ts";
import {
  decodeLink,
  encodeActivePort,
  encodeBondOptions,
  encodeLinkDump,
  encodePrimary,
  IFLA_BOND,
  RTM_DELLINK,
  RTM_NEWLINK,
  RTMGRP_IPV4_IFADDR,
  RTMGRP_IPV4_ROUTE,
  RTMGRP_IPV6_IFADDR,
  RTMGRP_IPV6_ROUTE,
  RTMGRP_LINK,
} from "../../wire/link.ts";
import { attribute } from "../../wire/netlink.ts";
import { RTM_DELROUTE, RTM_NEWROUTE } from "../../wire/route.ts";
import type { Net } from "../ports.ts";
import { openEvents, type Requests } from "./netlink-socket.ts";

/** Links and bonds by rtnetlink. */
export function linuxNet(requests: Requests): Net {
  return {
    links() {
      const list = requests.dump("list links", encodeLinkDump);
      if (!list.ok) return list;
      return ok(list.value.flatMap((message) => (message.type === RTM_NEWLINK ? (decodeLink(message) ?? []) : [])));
    },
    watch(onChange) {
      return openEvents(
        RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE,
        (message) => {
          if (message.type === RTM_NEWADDR || message.type === RTM_DELADDR) {
            onChange({ what: "addresses" });
            return;
          }
          if (message.type === RTM_NEWROUTE || message.type === RTM_DELROUTE) {
            onChange({ what: "routes" });
            return;
          }
          // Other families speak of the same links here: bridges (AF_BRIDGE) say "new" of a port that leaves.
          if (message.payload[0] !== 0) return;
          const link = message.type === RTM_NEWLINK || message.type === RTM_DELLINK ? decodeLink(message) : undefined;
          if (link === undefined) return;
          if (message.type === RTM_NEWLINK) onChange({ what: "link", link });
          else onChange({ what: "gone", index: link.index, name: link.name });
        },
        () => onChange({ what: "missed" }),
      );
    },
    setActivePort: (bond, port) =>
      requests.ask("set active port", String(port), (seq) => encodeActivePort(seq, bond, port)),
    hearOtherPorts: (bond, heard) =>
      requests.ask("set all_slaves_active", String(bond), (seq) => {
        const value = fromU8(heard === "taken" ? 1 : 0);
        return encodeBondOptions(seq, bond, [attribute(IFLA_BOND.all_slaves_active, value)]);
      }),
    setPrimary: (bond, port) => requests.ask("set primary", String(port), (seq) => encodePrimary(seq, bond, port)),
  };
}
