import { createTransport } from "nodemailer";
import type { MailAnswer, MailJob } from "./mail-job.ts";

/** Sends one mail and ends. A process of its own: the mail library would cost the agent 12 MB for good. The job comes on the
 *  standard input, so that no password stands in an argument or an environment. */
async function main(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const answer = await send(JSON.parse(Buffer.concat(chunks).toString("utf8")) as MailJob);
  process.stdout.write(JSON.stringify(answer));
}

async function send(job: MailJob): Promise<MailAnswer> {
  const transport = createTransport({
    host: job.server,
    port: job.port,
    name: job.name,
    secure: job.security === "tls",
    requireTLS: job.security === "starttls",
    ignoreTLS: job.security === "none",
    ...(job.ca === undefined ? {} : { tls: { ca: job.ca } }),
    ...(job.login === undefined ? {} : { auth: { user: job.login.user, pass: job.login.password } }),
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 30_000,
    dnsTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  try {
    await transport.sendMail({
      from: { name: "Holdfast", address: job.from },
      to: job.to.map((address) => ({ name: "", address })),
      subject: job.subject,
      text: job.text,
      messageId: `<${job.id}@${job.name}>`,
      date: new Date(job.at),
      headers: { "Auto-Submitted": "auto-generated", "X-Holdfast-Id": job.id },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return { sent: true };
  } catch (problem) {
    return { sent: false, reason: withoutSecret(reasonOf(problem), job) };
  } finally {
    transport.close();
  }
}

function reasonOf(problem: unknown): string {
  const { code, response, message } = problem as { code?: unknown; response?: unknown; message?: unknown };
  const words = [code, response ?? message].filter((word) => typeof word === "string");
  return words.join(": ").slice(0, 300);
}

/** Some servers repeat what was said to them. */
function withoutSecret(text: string, { login }: MailJob): string {
  if (login === undefined) return text;
  const forms = [login.password, Buffer.from(login.password).toString("base64")];
  forms.push(Buffer.from(`\0${login.user}\0${login.password}`).toString("base64"));
  return forms.reduce((safe, form) => safe.replaceAll(form, "(secret)"), text);
}

await main();
