/** What the courier reads on its standard input: one mail and the way to send it. */
export interface MailJob {
  readonly server: string;
  readonly port: number;
  readonly security: "starttls" | "tls" | "none";
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** Certificates of an own authority, PEM. */
  readonly ca: string | undefined;
  /** What the server is greeted with. */
  readonly name: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** For the Message-ID: the same whenever the mail is sent. */
  readonly id: string;
  /** When the event was, ms since 1970. */
  readonly at: number;
}

/** What it writes on its standard output. */
export type MailAnswer = { readonly sent: true } | { readonly sent: false; readonly reason: string };
