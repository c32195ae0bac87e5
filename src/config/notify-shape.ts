import { mqttCommands, severities } from "../model/notify.ts";
import { oneOrMore } from "./bond-shape.ts";
import {
  brokerAddress,
  mailAddress,
  ntfyAddress,
  plainWord,
  serverName,
  topicName,
  webAddress,
} from "./notify-checks.ts";
import type {
  ChoiceShape,
  DurationShape,
  EitherShape,
  RecordShape,
  SecretShape,
  TextProblem,
  TextShape,
} from "./shape.ts";

const severity = {
  kind: "choice",
  about: "The least that is told here; the end of a trouble counts as the trouble.",
  example: "warning",
  words: severities,
  fallback: "notice",
} as const satisfies ChoiceShape;

function secret(about: string, example: string) {
  return { kind: "secret", about, example } as const satisfies SecretShape;
}

const ca = {
  kind: "text",
  about: "Certificates (PEM) of an own authority that signed the server's.",
  example: "house-ca.pem",
  expected: "a path",
} as const satisfies TextShape;

/** An address that tells where, or names the file that does: for some services it is the key. */
function address(about: string, example: string, check: (text: string) => TextProblem | undefined) {
  const text = {
    kind: "text",
    about,
    example,
    expected: "an address beginning with https:// or http://",
    check,
    pattern: "^https?://[^@\\s]+$",
  } as const satisfies TextShape;
  return {
    kind: "either",
    about,
    example,
    of: [text, secret(about, "{file: secrets/url}")],
  } as const satisfies EitherShape;
}

const ntfy = {
  kind: "record",
  about: "A topic on an ntfy server: messages on phones.",
  example: "{url: https://ntfy.sh/my-house}",
  required: ["url"],
  fields: {
    url: address("Server and topic.", "https://ntfy.sh/my-house", ntfyAddress),
    token: secret("Access token, where the topic needs one.", "{file: secrets/ntfy}"),
    ca,
    severity,
  },
} as const satisfies RecordShape;

const webhook = {
  kind: "record",
  about: "An address that takes messages as JSON.",
  example: "{url: https://example.org/hook}",
  required: ["url"],
  fields: {
    url: address("Where the JSON is posted to.", "https://example.org/hook", webAddress),
    secret: secret("Signs every message (Standard Webhooks).", "{file: secrets/webhook}"),
    token: secret("Sent as bearer token.", "{file: secrets/webhook-token}"),
    ca,
    severity: { ...severity, fallback: "all" },
  },
} as const satisfies RecordShape;

const mailText = {
  kind: "text",
  about: "A mail address.",
  example: "admin@example.org",
  expected: "a mail address",
  check: mailAddress,
  pattern: "^[^@\\s<>,;]+@[^@\\s<>,;]+$",
} as const satisfies TextShape;

const mail = {
  kind: "record",
  about: "Mail by SMTP, plain text.",
  example: "{to: admin@example.org, server: smtp.example.org, user: nas, password: {file: secrets/mail}}",
  required: ["to", "server"],
  foreign: { host: "Write server.", username: "Write user.", pass: "Write password: {file: secrets/mail}." },
  fields: {
    to: oneOrMore("Who gets it.", "admin@example.org", mailText),
    from: { ...mailText, about: "The sender.", example: "nas@example.org", fallback: "holdfast@ and the host's name" },
    server: {
      kind: "text",
      about: "The mail server, by name or address.",
      example: "smtp.example.org",
      expected: "a host name or an address",
      check: serverName,
      pattern: "^[A-Za-z0-9_.:-]+$",
    },
    port: {
      kind: "whole",
      about: "The server's port.",
      example: "587",
      min: 1,
      max: 65_535,
      fallback: "587; 465 with tls, 25 with none",
    },
    security: {
      kind: "choice",
      about: "Encrypted after STARTTLS, from the first byte, or not at all.",
      example: "tls",
      words: ["starttls", "tls", "none"],
      fallback: "starttls",
    },
    user: { kind: "text", about: "Name to log in with.", example: "nas", expected: "a name", check: plainWord },
    password: secret("Password to log in with.", "{file: secrets/mail}"),
    ca,
    severity,
  },
} as const satisfies RecordShape;

const mqtt = {
  kind: "record",
  about: "An MQTT broker, for Home Assistant too.",
  example: "{url: mqtt://192.168.1.10}",
  required: ["url"],
  foreign: {
    host: "Write url: mqtt://HOST.",
    server: "Write url: mqtt://HOST.",
    port: "Write it into the url: mqtt://HOST:PORT.",
    username: "Write user.",
    topic: "Write prefix.",
    topic_prefix: "Write prefix.",
    discovery_prefix: "Write discovery.",
    tls: "Write url: mqtts://HOST, and ca: for an own authority.",
  },
  fields: {
    url: {
      kind: "text",
      about: "The broker: mqtts:// encrypted (port 8883), mqtt:// in clear (port 1883).",
      example: "mqtt://192.168.1.10",
      expected: "an address beginning with mqtt:// or mqtts://",
      check: brokerAddress,
      pattern: "^mqtts?://[^@\\s/?#]+/?$",
    },
    user: { kind: "text", about: "Name to log in with.", example: "nas", expected: "a name", check: plainWord },
    password: secret("Password to log in with.", "{file: secrets/mqtt}"),
    ca,
    prefix: {
      kind: "text",
      about: "What this host's topics begin with.",
      example: "home/nas",
      expected: "a topic",
      check: topicName,
      pattern: "^[^+#$/\\s][^+#]*$",
      fallback: "holdfast/ and the host's name",
    },
    discovery: {
      kind: "text",
      about: "The topic below which Home Assistant looks for devices; none: it is told nothing.",
      example: "homeassistant",
      expected: "a topic, or none",
      check: topicName,
      pattern: "^[^+#$/\\s][^+#]*$",
      fallback: "homeassistant",
    },
    commands: {
      kind: "list",
      about: "What whoever may write to the topics of this host on the broker may order: pin a port, start a drill.",
      example: "[pin]",
      alone: "one-may-stand-alone",
      item: { kind: "choice", about: "An order.", example: "pin", words: mqttCommands },
      fallback: "nothing",
    },
    severity: { ...severity, fallback: "all" },
  },
} as const satisfies RecordShape;

const timeout = {
  kind: "duration",
  about: "How long a program may run before it is ended.",
  example: "30s",
  minMs: 100,
  maxMs: 600_000,
  fallback: "30s",
} as const satisfies DurationShape;

const command = {
  kind: "record",
  about: "Own programs. Those in /etc/holdfast/hooks.d are run whether this is said or not.",
  example: "{run: /usr/local/bin/told}",
  required: [],
  fields: {
    run: {
      kind: "text",
      about: "A program, or a directory whose programs are all run.",
      example: "/usr/local/bin/told",
      expected: "an absolute path",
      check: (text: string) => (text.startsWith("/") ? undefined : { message: "is none" }),
      pattern: "^/",
      fallback: "/etc/holdfast/hooks.d",
    },
    timeout,
    severity: { ...severity, fallback: "all" },
  },
} as const satisfies RecordShape;

/** Who is told. */
export const notifyShape = {
  kind: "record",
  about: "Who is told of events. Passwords and tokens by file only.",
  example: "{ntfy: {url: https://ntfy.sh/my-house}}",
  required: [],
  foreign: {
    email: "Write mail.",
    smtp: "Write mail.",
    hooks: "Write command, or put the programs into /etc/holdfast/hooks.d.",
    slack: "Write webhook.",
    prometheus: "Write agent: {metrics: 127.0.0.1:9437}.",
  },
  fields: { ntfy, webhook, mail, mqtt, command },
} as const satisfies RecordShape;
