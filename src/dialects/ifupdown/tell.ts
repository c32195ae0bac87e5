import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { NoBondCause, Story, StoryFact } from "./story.ts";

/** Puts into words what an import leaves behind or finds otherwise than written. For readers of an import; `check` says the same
 *  by its rules, with reasons and fixes, and has no use for these. */
export function tell(story: Story): readonly Diagnostic[] {
  return story.flatMap((fact) => {
    const told = words(fact);
    return told === undefined ? [] : [{ ...told, at: fact.at }];
  });
}

type Told = Omit<Diagnostic, "at">;

function words(fact: StoryFact): Told | undefined {
  switch (fact.fact) {
    case "self-master":
      return selfMaster(fact.bond, fact.outcome);
    case "no-bond":
      return fact.cause === "self-master" || fact.cause === "missing-address"
        ? undefined
        : noBond(fact.bond, fact.cause, fact.stanza);
    case "bond-from-module": {
      const keys = fact.ignored.map((said) => said.key).join(", ");
      const message = `${fact.bond}: exists only because the bonding module made it; it is balance-rr with miimon 0, whatever its stanza says${keys && ` (${keys})`}`;
      return { code: "ifupdown-bond-from-module", severity: "error", message };
    }
    case "missing-address":
      return {
        code: "ifupdown-missing-address",
        severity: "error",
        message: `${fact.iface}: ${fact.family} static without an address: ifup gives it up before any hook runs`,
        hint: "Add an address line, or make the method manual or dhcp.",
      };
    case "option-ignored-on-port":
      return fact.bondSays === "same" ? undefined : ignoredOnPort(fact);
    case "primary-skipped":
      return fact.recoveredBy === undefined ? primarySkipped(fact) : undefined;
    case "port-without-master-stanza":
      return {
        code: "ifupdown-port-left-out",
        severity: "error",
        message: `${fact.port}: its bond-master ${fact.master} has no stanza: ifup of ${fact.port} fails`,
      };
    case "master-is-no-bond":
      return {
        code: "ifupdown-port-left-out",
        severity: "error",
        message: `${fact.port}: there is no bond ${fact.master} to join; it stays by itself`,
      };
    default:
      return optionWords(fact) ?? placeWords(fact);
  }
}

function selfMaster(bond: string, outcome: "no-bond" | "left-at-defaults"): Told {
  const end =
    outcome === "no-bond"
      ? `no bond ${bond} is made at all`
      : `${bond} stays as the module made it: balance-rr with miimon 0`;
  const message = `${bond}: bond-master ${bond} makes ifenslave take the bond for its own port; ${end}`;
  return {
    code: "ifupdown-self-master",
    severity: "error",
    message,
    hint: `Delete the line bond-master ${bond} from the stanza of ${bond}.`,
  };
}

const causes: Readonly<Record<NoBondCause, string>> = {
  "self-master": "its stanza names itself as bond-master",
  "missing-address": "ifup gives its stanza up for want of an address",
  "not-recognised": "its stanza has neither bond-slaves nor bond-mode, and ifenslave looks for nothing else",
  "set-in-later-stanza":
    "its first stanza has neither bond-slaves nor bond-mode and fails, so ifup never comes to the one that has",
  "is-a-port": "its stanza has a bond-master, which makes it a port",
  "is-a-bridge": "bridge_ports in its stanza makes a bridge of that name first",
  "no-scripts": "no-scripts keeps ifenslave's hook from running for it",
};

function noBond(bond: string, cause: NoBondCause, _stanza: Span): Told {
  return { code: "ifupdown-no-bond", severity: "error", message: `${bond}: no bond is made: ${causes[cause]}` };
}

function ignoredOnPort(fact: StoryFact & { fact: "option-ignored-on-port" }): Told {
  const { port, bond, said, bondSays } = fact;
  const end = bondSays === "nothing" ? `and the stanza of ${bond} does not have it` : `where another value stands`;
  const message = `${port}: ${said.key} ${said.value} has no effect here: ifenslave reads it in the stanza of ${bond}, ${end}`;
  return { code: "ifupdown-option-on-port", severity: "warning", message, hint: `Move it to the stanza of ${bond}.` };
}

function primarySkipped(fact: StoryFact & { fact: "primary-skipped" }): Told {
  const names = fact.primary.join(" ");
  const why =
    fact.reason === "not-a-port"
      ? "it is not a port"
      : "no port has joined yet when ifenslave reads the line, and no port's stanza says it again";
  const message = `${fact.bond}: bond-primary ${names} is skipped without a word: ${why}`;
  const hint = `Add bond-primary ${names} to the stanza of ${names}, or list the ports in bond-slaves.`;
  return {
    code: "ifupdown-primary-skipped",
    severity: "warning",
    message,
    ...(fact.reason === "not-a-port" ? {} : { hint }),
  };
}

const refusals = {
  "bad-value": "the kernel knows no such value",
  "wrong-mode": "the kernel refuses it in the bond's mode",
  "needs-miimon": "the kernel refuses it while miimon is 0",
  "has-ports": "the kernel refuses it once ports have joined",
} as const;

/** Facts about one option line that does nothing, or not what it says. */
function optionWords(fact: StoryFact): Told | undefined {
  switch (fact.fact) {
    case "unknown-bond-option": {
      const hint = fact.suggestion === undefined ? {} : { hint: `Did you mean ${fact.suggestion}?` };
      return {
        code: "ifupdown-unknown-bond-option",
        severity: "warning",
        message: `${fact.iface}: ifenslave has no option ${fact.said.key}; the line does nothing`,
        ...hint,
      };
    }
    case "option-refused":
      return {
        code: "ifupdown-option-refused",
        severity: "error",
        message: `${fact.bond}: ${fact.said.key} ${fact.said.value} does not take effect: ${refusals[fact.reason]}`,
      };
    case "monitor-overridden":
      return {
        code: "ifupdown-option-undone",
        severity: "warning",
        message: `${fact.bond}: ${fact.said.key} ${fact.said.value} is undone by ${fact.by.key} ${fact.by.value}, which ifenslave writes later`,
      };
    case "option-never-works":
      return {
        code: "ifupdown-option-never-works",
        severity: "warning",
        message: `${fact.bond}: ${fact.said.key} has no effect: ifenslave writes it ${fact.reason === "before-ports" ? "before any port has joined" : "to a file the kernel does not have"}`,
      };
    case "targets-with-commas":
      return {
        code: "ifupdown-targets-with-commas",
        severity: "warning",
        message: `${fact.bond}: only the first target before a comma is installed: ${fact.installed.join(" ")}`,
        hint: "Put white space between the targets.",
      };
    default:
      return undefined;
  }
}

/** Facts about an interface that ends up elsewhere. Those that are only about how things come to pass are left to rules. */
function placeWords(fact: StoryFact): Told | undefined {
  switch (fact.fact) {
    case "slaves-ignored":
      return {
        code: "ifupdown-slaves-ignored",
        severity: "warning",
        message: `${fact.iface}: bond-slaves is not looked at beside bond-master`,
      };
    case "never-started":
      return {
        code: "ifupdown-never-started",
        severity: "warning",
        message: `${fact.iface}: nothing brings it up: no auto or allow-hotplug line names it`,
        hint: `Add auto ${fact.iface}.`,
      };
    case "port-not-joined":
      return {
        code: "ifupdown-port-left-out",
        severity: "error",
        message: `${fact.bond}: ${fact.port} cannot join: ${fact.reason === "is-itself" ? "it is the bond" : "it is a port of another bond"}`,
      };
    case "bond-options-in-two-families":
      return fact.portsDown.length === 0
        ? undefined
        : {
            code: "ifupdown-two-families",
            severity: "error",
            message: `${fact.bond}: ifenslave runs for both stanzas, and the second run leaves ${fact.portsDown.join(", ")} down`,
            hint: "Keep the bond- options in one of the two stanzas.",
          };
    default:
      return undefined;
  }
}
