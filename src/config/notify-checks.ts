import { parseAddress } from "../model/address.ts";
import type { TextProblem } from "./shape.ts";

const web: readonly string[] = ["https:", "http:"];

/** Why a text is no address of a server. Never repeats it: paths of addresses are keys at some services. */
export function webAddress(text: string, schemes: readonly string[] = web): TextProblem | undefined {
  if (!URL.canParse(text) || /\s/.test(text)) return { message: "is none" };
  const url = new URL(text);
  if (!schemes.includes(url.protocol)) return { message: `does not begin with ${schemes.join("// or ")}//` };
  if (url.username !== "" || url.password !== "")
    return {
      message: "holds a name or password",
      hint: "Put the secret into a file, and name it by token or password.",
    };
  if (url.hash !== "") return { message: "has a part after #, which no server gets to see", hint: "Leave it away." };
  return url.hostname === "" ? { message: "names no server" } : undefined;
}

/** Why a text is no ntfy server with a topic. */
export function ntfyAddress(text: string): TextProblem | undefined {
  const problem = webAddress(text);
  if (problem !== undefined) return problem;
  const { pathname, search } = new URL(text);
  if (search !== "") return { message: "has a part after ?, and ntfy wants none" };
  if (/\/[-_A-Za-z0-9]{1,64}$/.test(pathname)) return undefined;
  return { message: "names no topic", hint: "End it with the topic: https://ntfy.sh/my-house." };
}

/** Why a text is no MQTT broker. */
export function brokerAddress(text: string): TextProblem | undefined {
  const problem = webAddress(text, ["mqtt:", "mqtts:"]);
  if (problem !== undefined) return problem;
  const { pathname, search } = new URL(text);
  if (search === "" && (pathname === "" || pathname === "/")) return undefined;
  return {
    message: "has a part after the broker's name",
    hint: "End it with name and port; topics begin with prefix:.",
  };
}

/** Why a text can't begin topics that are published. What begins with $ is the broker's own. Source: MQTT 5.0, section 4.7. */
export function topicName(text: string): TextProblem | undefined {
  if (/[+#]/.test(text)) return { message: "holds + or #, which stand for other topics" };
  if (/^[$/]|\/$|\/\/|^$/.test(text))
    return { message: "begins or ends with nothing or $", hint: "For example home/nas." };
  if (/[\p{C}\s]/u.test(text)) return { message: "holds blanks or control characters" };
  return text.length <= 200 ? undefined : { message: "is longer than 200 characters" };
}

/** Why a text is no mail address; display names and lists are refused. */
export function mailAddress(text: string): TextProblem | undefined {
  if (/^[^@\s<>,;"()\p{C}]{1,64}@[^@\s<>,;"()\p{C}]{1,253}$/u.test(text)) return undefined;
  return { message: "is none", hint: "One address such as admin@example.org; several as a list." };
}

/** Why a text is neither host name nor address. */
export function serverName(text: string): TextProblem | undefined {
  const isName = /^(?!-)[A-Za-z0-9_-]{1,63}(\.(?!-)[A-Za-z0-9_-]{1,63})*\.?$/.test(text) && text.length <= 253;
  if (isName || parseAddress(text).ok) return undefined;
  const port = /:\d+$/.test(text) ? { hint: "Write the port as port: 587." } : {};
  return { message: "is neither", ...port };
}

/** Why a text can't stand in a line of a protocol. */
export function plainWord(text: string): TextProblem | undefined {
  return /\p{C}/u.test(text) ? { message: "holds control characters" } : undefined;
}

/** Why a text is no loopback address with a port. Metrics tell a stranger too much, and have no password. */
export function loopbackEndpoint(text: string): TextProblem | undefined {
  const match = /^(127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  const isAddress = match?.[1] === "[::1]" || parseAddress(match?.[1] ?? "").ok;
  if (match !== null && isAddress && port >= 1 && port <= 65_535) return undefined;
  const hint =
    "Metrics have no password, so they stay on this host: let a Prometheus elsewhere reach them by a proxy that asks for one.";
  return { message: "is none", hint };
}
