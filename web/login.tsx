import { useState } from "preact/hooks";
import { login } from "./client.ts";
import type { Message } from "./model.ts";
import { Brand } from "./picture/icons.tsx";

interface LoginProps {
  readonly send: (message: Message) => void;
  /** Why one has to log in again; "" nothing. */
  readonly reason: string;
}

/** The way in. */
export function Login({ send, reason }: LoginProps) {
  const [problem, setProblem] = useState(reason);
  const [isAsking, setAsking] = useState(false);
  const enter = async (form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    setAsking(true);
    const answer = await login({ user: String(data.get("user")), password: String(data.get("password")) });
    setAsking(false);
    if (answer.ok) {
      send({ type: "session", session: answer.document });
      return;
    }
    const { message, hint } = answer.problem;
    setProblem(`${message.slice(0, 1).toUpperCase()}${message.slice(1)}.${hint === undefined ? "" : ` ${hint}`}`);
    form.querySelector<HTMLInputElement>("#password")?.select();
  };
  return (
    <main class="login">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void enter(event.currentTarget);
        }}
      >
        <h1 class="brand">
          <Brand /> Holdfast
        </h1>
        <label for="user">Name</label>
        <input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck={false} required />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <p class="bad" role="alert">
          {problem}
        </p>
        <button type="submit" class="chief" disabled={isAsking}>
          {isAsking ? "One moment…" : "Log in"}
        </button>
      </form>
    </main>
  );
}
