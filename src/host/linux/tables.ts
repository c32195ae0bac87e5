import { ok } from "../../model/result.ts";
import {
  decodeAddress,
  encodeAddressAdd,
  encodeAddressDump,
  encodeAddressRemove,
  encodeAddressRetire,
  RTM_NEWADDR,
} from "../../wire/address.ts";
import { familyOf, ipText } from "../../wire/ip.ts";
import {
  decodeNeighbour,
  encodeNeighbourDelete,
  encodeNeighbourDump,
  encodeNeighbourReplace,
  RTM_NEWNEIGH,
  RTMGRP_NEIGH,
} from "../../wire/neighbour.ts";
import { decodeRoute, encodeRouteDump, encodeRouteRemove, encodeRouteReplace, RTM_NEWROUTE } from "../../wire/route.ts";
import { decodeRule, encodeRuleAdd, encodeRuleDump, encodeRuleRemove, RTM_NEWRULE } from "../../wire/rule.ts";
import type { Tables } from "../ports.ts";
import { openEvents, type Requests } from "./netlink-socket.ts";

const addressRequests = { add: encodeAddressAdd, retire: encodeAddressRetire, remove: encodeAddressRemove };

/** Addresses, neighbours and routes by rtnetlink. */
export function linuxTables(requests: Requests): Tables {
  return {
    addresses() {
      const list = requests.dump("list addresses", encodeAddressDump);
      if (!list.ok) return list;
      return ok(list.value.flatMap((one) => (one.type === RTM_NEWADDR ? (decodeAddress(one) ?? []) : [])));
    },
    changeAddress: (change, entry) =>
      requests.ask(`${change} address`, `${ipText(entry.bytes)}/${entry.prefix}`, (seq) =>
        addressRequests[change](seq, entry),
      ),
    neighbours() {
      const list = requests.dump("list neighbours", (seq) => encodeNeighbourDump(seq, 0));
      if (!list.ok) return list;
      return ok(list.value.flatMap((one) => (one.type === RTM_NEWNEIGH ? (decodeNeighbour(one) ?? []) : [])));
    },
    watchNeighbours: (onChange) =>
      openEvents(
        RTMGRP_NEIGH,
        (message) => {
          const entry = message.type === RTM_NEWNEIGH ? decodeNeighbour(message) : undefined;
          if (entry !== undefined) onChange(entry);
        },
        () => {},
      ),
    putNeighbour({ index, address, mac }) {
      const entry = { family: familyOf(address), index, address };
      const op = mac === undefined ? "remove neighbour" : "set neighbour";
      return requests.ask(op, ipText(address), (seq) =>
        mac === undefined ? encodeNeighbourDelete(seq, entry) : encodeNeighbourReplace(seq, { ...entry, mac }),
      );
    },
    routes() {
      const list = requests.dump("list routes", encodeRouteDump);
      if (!list.ok) return list;
      return ok(list.value.flatMap((one) => (one.type === RTM_NEWROUTE ? (decodeRoute(one) ?? []) : [])));
    },
    changeRoute: (change, route) =>
      requests.ask(`${change} route`, route.via === undefined ? "" : `via ${ipText(route.via)}`, (seq) =>
        change === "replace" ? encodeRouteReplace(seq, route) : encodeRouteRemove(seq, route),
      ),
    rules() {
      const list = requests.dump("list routing rules", encodeRuleDump);
      if (!list.ok) return list;
      return ok(list.value.flatMap((one) => (one.type === RTM_NEWRULE ? (decodeRule(one) ?? []) : [])));
    },
    changeRule: (change, rule) =>
      requests.ask(`${change} routing rule`, `priority ${rule.priority}`, (seq) =>
        change === "add" ? encodeRuleAdd(seq, rule) : encodeRuleRemove(seq, rule),
      ),
  };
}
