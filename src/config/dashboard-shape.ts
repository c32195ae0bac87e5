import { parseAddress } from "../model/address.ts";
import { dashboardListen, endpointOf } from "../model/dashboard.ts";
import { oneOrMore } from "./bond-shape.ts";
import { serverName } from "./notify-checks.ts";
import type { RecordShape, TextProblem } from "./shape.ts";

/** Why a text is no address with a port. */
function endpoint(text: string): TextProblem | undefined {
  const read = endpointOf(text);
  if (read !== undefined && parseAddress(read.address).ok) return undefined;
  return { message: "is none", hint: `Write ${dashboardListen}, [::1]:9438, or an address of this host with TLS.` };
}

/** The dashboard. */
export const dashboardShape = {
  kind: "record",
  about: "The dashboard: holdfast dashboard serves it, once somebody has a password. Not said: it isn't served.",
  example: "{listen: 127.0.0.1:9438}",
  required: [],
  foreign: {
    password: "Passwords stay out of this file: holdfast dashboard --password NAME asks for one and keeps its digest.",
    users: "holdfast dashboard --password NAME gives somebody a password.",
    port: "Write listen: 127.0.0.1:PORT.",
    cert: "Write tls: {certificate: FILE, key: FILE}.",
    hosts: "Write names.",
  },
  fields: {
    listen: {
      kind: "text",
      about: "Where browsers find it. Beyond this host only with tls.",
      example: "192.168.1.105:9438",
      expected: "an address with a port",
      check: endpoint,
      pattern: "^([0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$",
      fallback: dashboardListen,
    },
    names: oneOrMore("Names by which browsers may ask, besides the host's own and addresses.", "[nas.home.arpa]", {
      kind: "text",
      about: "A host name.",
      example: "nas.home.arpa",
      expected: "a host name",
      check: serverName,
      pattern: "^[A-Za-z0-9_.:-]+$",
    }),
    tls: {
      kind: "record",
      about: "The certificate to show. Read again when the files change.",
      example: "{certificate: dashboard.crt, key: dashboard.key}",
      required: ["certificate", "key"],
      fields: {
        certificate: {
          kind: "text",
          about: "Certificate and what signed it, PEM.",
          example: "dashboard.crt",
          expected: "a path",
        },
        key: { kind: "text", about: "Its private key, PEM.", example: "dashboard.key", expected: "a path" },
      },
    },
    passwords: {
      kind: "text",
      about: "The file of users and digests that holdfast dashboard --password writes.",
      example: "dashboard.passwords",
      expected: "a path",
      fallback: "dashboard.passwords",
    },
    proxied: {
      kind: "flag",
      about: "A proxy on this host ends TLS: cookies go over https alone, and X-Forwarded-For is believed.",
      example: "true",
      fallback: "false",
    },
  },
} as const satisfies RecordShape;
