import { type Answered, headlineOf, lastNight, otherThere, rightLink, type Tone, wouldFall } from "./glance-words.ts";
import type { Model } from "./model.ts";

const marks: Readonly<Record<Tone, readonly [sign: string, words: string]>> = {
  good: ["✓", "good: "],
  warn: ["!", "attention: "],
  bad: ["✗", "bad: "],
  none: ["", ""],
};

/** What one glance is to answer: the headline, and the four questions. */
export function Glance({ model }: { readonly model: Model }) {
  const { status, now, documents, problems } = model;
  if (status === undefined) return <Waiting model={model} />;
  const { tone, text, more } = headlineOf(status, now);
  const answers = [
    rightLink(status, now),
    otherThere(status, now),
    lastNight(documents.outages, now),
    wouldFall(documents.audit, problems.audit === undefined),
  ];
  return (
    <section class={`glance ${tone}-tone`} aria-labelledby="headline">
      <h1 id="headline">{text}</h1>
      <p class="lede">{more}</p>
      <dl class="answers card">
        {answers.map((answer) => (
          <Answer key={answer.question} {...answer} />
        ))}
      </dl>
    </section>
  );
}

function Answer({ question, tone, short, long }: Answered) {
  const [sign, words] = marks[tone];
  return (
    <div>
      <dt>{question}</dt>
      <dd class={`short ${tone === "none" ? "quiet" : "toned"}`}>
        {sign !== "" && (
          <span class={`tone ${tone}`}>
            <span aria-hidden="true">{sign}</span>
            <span class="unseen">{words}</span>
          </span>
        )}
        {short}
      </dd>
      <dd class="long">{long}</dd>
    </div>
  );
}

function Waiting({ model: { agent, link } }: { readonly model: Model }) {
  const isAbsent = !agent.answers || link === "lost";
  return (
    <section class={`glance ${isAbsent ? "bad-tone" : ""}`} aria-labelledby="headline">
      <h1 id="headline">{isAbsent ? "Nobody watches this host" : "Looking at the links…"}</h1>
      <p class="lede">
        {isAbsent ? `${agent.message === "" ? "The agent doesn’t answer" : agent.message}. ` : ""}
        {isAbsent ? "The kernel’s own failover goes on as it is configured; what it does isn’t seen from here." : ""}
      </p>
    </section>
  );
}
