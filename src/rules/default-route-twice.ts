import { interfacePlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** The kernel takes no second default route of the same metric from a command that adds one. */
export const defaultRouteTwice: Rule = {
  name: "default-route-twice",
  severity: "warning",
  about: "Of several gateways each has a metric of its own",
  source: [sources.ifupdown, "Linux 6.1, fib_table_insert() of net/ipv4/fib_trie.c"],
  applies: ["ifupdown"],
  check: (subject) => {
    const first = new Map<number, string>();
    return subject.config.interfaces.flatMap(({ name, start, ipv4 }) => {
      if (ipv4.gateway === undefined || ipv4.method !== "static" || start === "manual") return [];
      const metric = ipv4.metric ?? 0;
      const other = first.get(metric);
      if (other === undefined) first.set(metric, name);
      if (other === undefined || other === name) return [];
      const there = interfacePlace(subject, other, "ipv4/gateway");
      return {
        message: `${other} and ${name} both bring a default route${metric === 0 ? "" : ` with metric ${metric}`}: the second one is refused ("File exists"), and ifup counts ${name} as failed: none of its up commands run`,
        hint: `Take the gateway out of ${name}, or give it a metric of its own (metric 100).`,
        at: interfacePlace(subject, name, "ipv4/gateway"),
        ...(there === undefined ? {} : { also: [{ at: there, note: "the first one" }] }),
      };
    });
  },
};
