import type { Command } from "../command.ts";
import { agent } from "./agent.ts";
import { apply } from "./apply.ts";
import { audit } from "./audit.ts";
import { auto } from "./auto.ts";
import { check } from "./check.ts";
import { confirm } from "./confirm.ts";
import { convert } from "./convert.ts";
import { dashboard } from "./dashboard.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { drain } from "./drain.ts";
import { drill } from "./drill.ts";
import { events } from "./events.ts";
import { explain } from "./explain.ts";
import { extend } from "./extend.ts";
import { guard } from "./guard.ts";
import { history } from "./history.ts";
import { importCommand } from "./import.ts";
import { init } from "./init.ts";
import { notify } from "./notify.ts";
import { pin } from "./pin.ts";
import { plan } from "./plan.ts";
import { reflect } from "./reflect.ts";
import { rehearse } from "./rehearse.ts";
import { render } from "./render.ts";
import { rollback } from "./rollback.ts";
import { status } from "./status.ts";
import { why } from "./why.ts";

/** Every command, in the order the help shows them. The house test holds it equal to this folder. */
export const commands: readonly Command[] = [
  init,
  check,
  rehearse,
  audit,
  render,
  importCommand,
  convert,
  plan,
  apply,
  confirm,
  extend,
  rollback,
  history,
  guard,
  agent,
  dashboard,
  drill,
  reflect,
  status,
  events,
  why,
  pin,
  drain,
  auto,
  notify,
  explain,
  doctor,
  demo,
];
