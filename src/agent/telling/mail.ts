import { visible } from "../../diagnostic/visible.ts";
import type { MailSettings } from "../../model/notify.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import type { Message } from "../../notify/message.ts";
import { mailText } from "../../notify/payload.ts";
import type { Deliver, Delivered, Refusal } from "./delivery.ts";
import type { MailAnswer, MailJob } from "./mail-job.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";
import { readCertificates, readSecret } from "./secret.ts";

/** Beyond all the limits of the courier itself. */
const TIMEOUT_MS = 120_000;

const ports = { starttls: 587, tls: 465, none: 25 };

/** Sends messages by SMTP, each by a process of its own (`courier`: the bundled program). */
export function mailDelivery(settings: MailSettings, directory: string, host: string, courier: string): Deliver {
  return async (message, signal) => {
    const job = await jobFor(settings, directory, host, message);
    if (!job.ok) return job;
    const ended = await runProgram({
      file: process.execPath,
      args: ["--max-old-space-size=64", courier],
      env: {},
      input: JSON.stringify(job.value),
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    return judge(settings, ended);
  };
}

async function jobFor(
  settings: MailSettings,
  directory: string,
  host: string,
  message: Message,
): Promise<Result<MailJob, Refusal>> {
  const { user, password, security = "starttls" } = settings;
  const ca = await readCertificates(directory, settings.ca);
  if (!ca.ok) return ca;
  const secret = password === undefined ? ok("") : await readSecret(directory, password);
  if (!secret.ok) return secret;
  const name = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(host) ? host : "holdfast.invalid";
  return ok({
    server: settings.server ?? "localhost",
    port: settings.port ?? ports[security],
    security,
    login: user === undefined || password === undefined ? undefined : { user, password: secret.value },
    ca: ca.value,
    name,
    from: settings.from ?? `holdfast@${name}`,
    to: settings.to ?? [],
    subject: message.title,
    text: mailText(message),
    id: message.id,
    at: message.at,
  });
}

function judge(settings: MailSettings, ended: ProgramEnd): Result<Delivered, Refusal> {
  if (ended.end !== "exited")
    return failed({ reason: `sending ${ended.end}: ${ended.reason || "the server was too slow"}` });
  try {
    const answer = JSON.parse(ended.stdout) as MailAnswer;
    return answer.sent ? ok({}) : failed({ reason: `${settings.server}: ${visible(answer.reason)}` });
  } catch {
    const line =
      ended.stderr
        .trim()
        .split("\n")
        .find((text) => text.includes("Error")) ?? `status ${ended.status}`;
    return failed({ reason: `the mail program failed: ${visible(line.slice(0, 200))}` });
  }
}
