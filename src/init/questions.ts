import { containsAddress, parseAddress, parseCidr } from "../model/address.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { listed } from "../topology/faults.ts";
import {
  type Answers,
  isIpv4,
  isNetworkName,
  isSecondRouter,
  type Place,
  placeNames,
  places,
  readAddress,
  readSecondRouter,
} from "./answers.ts";
import {
  addressFor,
  type Draft,
  gatewayFor,
  isAddressed,
  isRadio,
  networkFor,
  placesToDeclare,
  secondPort,
  secondRouter,
} from "./draft.ts";

/** One thing that can't be seen, put to the owner. */
export interface Question {
  readonly text: string;
  /** Why it is asked, or what follows from it: one sentence. */
  readonly why: string;
  /** The same as a flag, with a value where there is one to take. */
  readonly flag: string;
  /** Taken by number or by name; absent: free text. */
  readonly choices?: readonly Choice[];
  /** What is taken where nobody answers; absent: somebody must. */
  readonly fallback?: string;
  /** Said when the fallback was taken without asking. */
  readonly assumed?: string;
  /** The answers with this one; fails with what is wrong with it. */
  readonly accept: (text: string) => Result<Answers, string>;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The next question that is open; undefined: all is known. What is declared or seen is never asked for. */
export function nextQuestion(draft: Draft): Question | undefined {
  return (
    askPorts(draft) ??
    askNetwork(draft) ??
    askPlace(draft) ??
    askSecondRouter(draft) ??
    askPrimary(draft) ??
    askAddress(draft) ??
    askGateway(draft) ??
    askUps(draft)
  );
}

function askPorts({ bond, answers, candidates }: Draft): Question | undefined {
  if (bond !== undefined || answers.ports !== undefined || candidates.length <= 2) return undefined;
  const names = candidates.map(({ name }) => name);
  const two = names.slice(0, 2);
  return {
    text: "Which ports shall stand in for each other?",
    why: "They come under one address; a port that serves something else stays out.",
    flag: `--ports ${two.join(" ")}`,
    fallback: two.join(" "),
    assumed: `${listed(two)} of ${names.length} ports are taken`,
    accept(text) {
      const ports = text.split(/[\s,]+/).filter((word) => word !== "");
      const unknown = ports.find((port) => !names.includes(port));
      if (unknown !== undefined) return failed(`${unknown} is none of ${names.join(", ")}`);
      return ports.length < 2 ? failed("two ports at least are needed") : ok({ ...answers, ports });
    },
  };
}

function askNetwork(draft: Draft): Question | undefined {
  const port = draft.ports.find((one) => isRadio(draft, one) && networkFor(draft, one) === undefined);
  if (port === undefined) return undefined;
  const { answers } = draft;
  const known = [...new Set(draft.seen.networks)];
  const hint = known.length === 0 ? "" : ` Files of this host know ${listed(known)}.`;
  return {
    text: `Which Wi-Fi network shall ${port} join?`,
    why: `Its name only: the pass phrase stays in a file that root alone can read.${hint}`,
    flag: `--network ${port}=NAME`,
    accept: (text) =>
      isNetworkName(text.trim())
        ? ok({ ...answers, networks: new Map([...answers.networks, [port, text.trim()]]) })
        : failed("a network's name has 1 to 32 bytes"),
  };
}

function askPlace(draft: Draft): Question | undefined {
  const open = placesToDeclare(draft);
  const at = open.findIndex(({ place }) => place === undefined);
  const port = open[at]?.port;
  if (port === undefined) return undefined;
  const { answers } = draft;
  const ssid = isRadio(draft, port) ? networkFor(draft, port) : undefined;
  const isSecondTaken = open.some(({ place }) => isSecondRouter(place));
  const before = open
    .slice(0, at)
    .find((one) => answers.places.get(one.port) !== "router" && !isRadio(draft, one.port));
  const offered = placeNames.filter((place) => {
    if (isSecondRouter(place)) return at > 0 && !isSecondTaken;
    if (place === "same") return ssid === undefined && before !== undefined;
    if (place === "access-point") return ssid !== undefined;
    return place === "router" || ssid === undefined;
  });
  const cableLabel = (place: Place) => (place === "same" ? `to the same box as ${before?.port}` : places[place]);
  const choices = offered.map((value) => ({
    value,
    label: ssid === undefined ? cableLabel(value) : radioLabel(value),
  }));
  return {
    text: ssid === undefined ? `Where does the cable in ${port} lead?` : `What radiates ${ssid}, which ${port} joins?`,
    why:
      ssid === undefined
        ? "Each box on the way can fail by itself; the rehearsal makes it fail."
        : "If it is a box of its own, it can fail by itself, and the rehearsal makes it fail.",
    flag: `--place ${port}=${offered.join("|")}`,
    choices,
    fallback: "router",
    assumed: ssid === undefined ? `${port} leads straight to the router` : `the router radiates ${ssid}`,
    accept: (text) => {
      const place = choose(choices, text);
      return place === undefined
        ? failed(`answer with one of 1 to ${choices.length}`)
        : ok({ ...answers, places: new Map([...answers.places, [port, place as Place]]) });
    },
  };
}

function radioLabel(place: Place): string {
  const said: Partial<Record<Place, string>> = {
    router: "the router itself",
    "access-point": "an access point of its own, on the router's cable",
    "second-router": "a second router, with a line of its own",
    mobile: "a second router on mobile data, paid by volume",
  };
  return said[place] ?? places[place];
}

/** The value of a choice by its number or its name. */
function choose(choices: readonly Choice[], text: string): string | undefined {
  const word = text.trim().toLowerCase();
  return (choices[Number(word) - 1] ?? choices.find(({ value }) => value === word))?.value;
}

function askSecondRouter(draft: Draft): Question | undefined {
  const port = secondPort(draft);
  if (port === undefined || secondRouter(draft) !== undefined || draft.base.uplinks.length > 0) return undefined;
  const { answers } = draft;
  return {
    text: `Which address has the second router, behind ${port}?`,
    why: "Where it is another subnet, add this host's own address there: 192.168.2.1, 192.168.2.105/24.",
    flag: "--second-router ADDRESS",
    accept(text) {
      const read = readSecondRouter(text);
      if (!read.ok) return read;
      const { gateway, address } = read.value;
      if (address === undefined && isElsewhere(draft, gateway))
        return failed(`${gateway} is in another subnet than this host: add the host's own address there`);
      return ok({ ...answers, second: read.value });
    },
  };
}

/** Whether an address is in no subnet of the host's. */
function isElsewhere(draft: Draft, gateway: string): boolean {
  const [own, router] = [parseCidr(addressFor(draft) ?? draft.present?.address ?? ""), parseAddress(gateway)];
  return own.ok && router.ok && !containsAddress(own.value, router.value);
}

/** Only where two wires to one router are alike: else the better one is the one to prefer. */
function askPrimary(draft: Draft): Question | undefined {
  const { answers, bond, ports, candidates } = draft;
  if (bond !== undefined || answers.primary !== undefined || secondPort(draft) !== undefined) return undefined;
  const [first, second] = candidates.filter(({ name }) => ports.includes(name));
  if (first === undefined || second === undefined || first.isRadio !== second.isRadio) return undefined;
  if (first.hasCarrier !== second.hasCarrier || first.speedMbps !== second.speedMbps) return undefined;
  const choices = ports.map((value) => ({ value, label: value }));
  return {
    text: "Which port shall carry the traffic while all of them work?",
    why: "Name the quicker or the steadier way: the host goes back to it whenever it works.",
    flag: `--primary ${first.name}`,
    choices: [{ value: first.name, label: first.name }, ...choices.filter(({ value }) => value !== first.name)],
    fallback: first.name,
    assumed: `${first.name} is preferred while both work`,
    accept: (text) => {
      const primary = choose(
        [{ value: first.name, label: "" }, ...choices.filter(({ value }) => value !== first.name)],
        text,
      );
      return primary === undefined ? failed(`answer with one of ${ports.join(", ")}`) : ok({ ...answers, primary });
    },
  };
}

function askAddress(draft: Draft): Question | undefined {
  const { answers, present } = draft;
  if (isAddressed(draft) || addressFor(draft) !== undefined) return undefined;
  const accept = (text: string): Result<Answers, string> => {
    const [word = "", gateway, ...rest] = (choose(choices, text) ?? text).trim().split(/[\s,]+/);
    const read = readAddress(word);
    if (!read.ok) return read;
    const isKnown = read.value === "dhcp" || gatewayFor(draft) !== undefined;
    if (gateway === undefined)
      return isKnown ? ok({ ...answers, address: read.value }) : failed("write the router's address behind it");
    if (!isIpv4(gateway) || rest.length > 0) return failed(`"${gateway}" is no address of a router`);
    return ok({ ...answers, address: read.value, gateway });
  };
  const another =
    present?.gateway === undefined
      ? "another one: write it, and the router's: 192.168.1.105/24 192.168.1.1"
      : "another one: write it, such as 192.168.1.105/24";
  const dhcp = { value: "dhcp", label: "by DHCP, from the router" };
  const keep = { value: "keep", label: `${present?.address ?? ""} for good (reserve it in the router)` };
  const needsFixed = draft.ports.some((port) => isRadio(draft, port));
  const choices = present === undefined ? [dhcp] : needsFixed ? [keep, dhcp] : [dhcp, keep];
  return {
    text:
      present === undefined
        ? "Which address shall the host have?"
        : `The address ${present.address} came by DHCP. Keep it?`,
    why: needsFixed
      ? "Over another kind of link the host shows another MAC address, and a DHCP server would give it another address."
      : "A server that others know by its address had better keep it, and not hang on a DHCP server.",
    flag: present === undefined ? "--address dhcp|ADDRESS/PREFIX" : "--address dhcp|keep|ADDRESS/PREFIX",
    choices: [...choices, { value: "ADDRESS/PREFIX", label: another }],
    fallback: choices[0]?.value ?? "dhcp",
    assumed:
      choices[0] === keep
        ? `${present?.address} is kept for good: reserve it in the router`
        : "the address comes by DHCP",
    accept,
  };
}

/** Only where the host has a fixed address and no default route yet. */
function askGateway(draft: Draft): Question | undefined {
  const { answers } = draft;
  const isFixed = addressFor(draft) !== undefined && addressFor(draft) !== "dhcp";
  if (isAddressed(draft) || !isFixed || gatewayFor(draft) !== undefined) return undefined;
  return {
    text: "Which address has the router?",
    why: "It is the way out, and what the agent asks whether a path still works.",
    flag: "--gateway ADDRESS",
    accept: (text) =>
      isIpv4(text.trim()) ? ok({ ...answers, gateway: text.trim() }) : failed(`"${text}" is no IPv4 address`),
  };
}

function askUps(draft: Draft): Question | undefined {
  const { answers, base, seen } = draft;
  const isSaid = base.topology?.power.some(({ kind }) => kind === "ups") === true;
  const isFed = base.topology?.devices.some(({ power }) => power !== undefined) === true;
  if (answers.ups !== undefined || isSaid || isFed) return undefined;
  const [supply] = seen.around.supplies;
  const choices: readonly Choice[] = [
    { value: "none", label: "nothing: there is no UPS" },
    { value: "host", label: "this machine" },
    { value: "host,router", label: "this machine and the router" },
    { value: "all", label: "everything, switches and access points too" },
  ];
  const [fallback, assumed] =
    supply === undefined
      ? ["none", "nothing hangs on a UPS"]
      : ["host", `this machine hangs on the UPS ${supply.name}`];
  return {
    text: "What hangs on a UPS?",
    why: "When the mains fail, everything else goes dark at the same moment: that is rehearsed, too.",
    flag: "--ups none|host|host,router|all",
    choices,
    fallback,
    assumed,
    accept(text) {
      const value = choose(choices, text);
      if (value === undefined) return failed("answer with one of 1 to 4");
      return ok({ ...answers, ups: value === "none" ? [] : value.split(",") });
    },
  };
}
