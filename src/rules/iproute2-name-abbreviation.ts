import type { Finding, Rule } from "./rule.ts";

/* Words that may stand where ip link set expects a name or one of them; it takes any beginning of most. */
const words = [
  "up",
  "down",
  "arp",
  "address",
  "alias",
  "broadcast",
  "dev",
  "dynamic",
  "group",
  "link",
  "master",
  "mtu",
  "multicast",
  "name",
  "netns",
  "nomaster",
  "promisc",
  "txqueuelen",
  "type",
  "vf",
  "xdp",
];

const setLink =
  /^[^#\n\r\u2028\u2029]*?(?<!-)\bip[ \t]+(?:-[\w-]+[ \t]+)*l(?:i(?:nk?)?)?[ \t]+s(?:et?)?[ \t]+(?<name>[a-z][\w.-]*)[ \t]+\S/gm;

/** ip reads a short name as the beginning of one of its own words. */
export const iproute2NameAbbreviation: Rule = {
  name: "iproute2-name-abbreviation",
  severity: "advice",
  about: "An interface whose name begins one of ip's words is named with dev",
  source: ["iproute2 6.1, ip/iplink.c", "measured with iproute2 6.1"],
  applies: ["iproute2"],
  check: (subject) =>
    [...subject.files].flatMap(([file, text]) =>
      [...text.matchAll(setLink)].flatMap((match): readonly Finding[] => {
        const name = match.groups?.["name"] ?? "";
        const word = words.find((one) => one.startsWith(name) && one !== name);
        if (word === undefined) return [];
        const start = match.index + match[0].lastIndexOf(name, match[0].length - 2);
        return [
          {
            message: `ip takes ${name} for its own word ${word}, not for an interface, and refuses the command or does another thing`,
            hint: `Write ip link set dev ${name}.`,
            at: { file, start, end: start + name.length },
          },
        ];
      }),
    ),
};
