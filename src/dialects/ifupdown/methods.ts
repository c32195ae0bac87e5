/** Address families and their methods, with the options ifup refuses to go without.
 *  Source: inet.defn, inet6.defn, ipx.defn, can.defn of ifupdown 0.8.41, Linux parts. */
export const methods: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  inet: {
    loopback: [],
    static: ["address"],
    manual: [],
    dhcp: [],
    bootp: [],
    tunnel: ["address", "mode", "endpoint"],
    ppp: [],
    wvdial: [],
    ipv4ll: [],
  },
  inet6: {
    auto: [],
    loopback: [],
    static: ["address"],
    manual: [],
    dhcp: [],
    tunnel: ["mode", "endpoint"],
    v4tunnel: ["address", "endpoint"],
    "6to4": ["local"],
  },
  ipx: { static: [], dynamic: [] },
  can: { static: ["bitrate"] },
};

/** Whether ifupdown knows the address family. */
export function isFamily(word: string): boolean {
  return Object.hasOwn(methods, word);
}

/** Whether ifupdown knows the method in that family. */
export function isMethod(family: string, word: string): boolean {
  const known = methods[family];
  return Object.hasOwn(methods, family) && known !== undefined && Object.hasOwn(known, word);
}

/** Variables without which ifup gives up before it runs any hook. */
export function required(family: string, method: string): readonly string[] {
  return isMethod(family, method) ? (methods[family]?.[method] ?? []) : [];
}
