import { useEffect, useRef, useState } from "preact/hooks";
import { give } from "../client.ts";
import type { Message, Model } from "../model.ts";
import { askedOf } from "./orders.ts";

interface ConfirmProps {
  readonly model: Model;
  readonly send: (message: Message) => void;
}

/** Asks before an order is given, and says what it will do. */
export function Confirm({ model, send }: ConfirmProps) {
  const { asking, status, session, documents } = model;
  const dialog = useRef<HTMLDialogElement>(null);
  // A browser tells of a dialog's end a frame later, when the next question may have been asked: of ours nobody needs to be told.
  const isEnding = useRef(false);
  const [problem, setProblem] = useState("");
  const [isGiving, setGiving] = useState(false);
  useEffect(() => {
    setProblem("");
    if (asking !== undefined) dialog.current?.showModal();
    else if (dialog.current?.open === true) {
      isEnding.current = true;
      dialog.current.close();
    }
  }, [asking]);
  const close = (): void => send({ type: "ask", question: undefined });
  const asked = asking === undefined || status === undefined ? undefined : askedOf(asking, status, documents.drills);
  const obey = async (): Promise<void> => {
    if (asking === undefined || asked === undefined) return;
    setGiving(true);
    const answer = await give(asking, session?.token ?? "");
    setGiving(false);
    if (!answer.ok) {
      const { message, hint } = answer.problem;
      setProblem(`Refused: ${message}.${hint === undefined ? "" : ` ${hint}`}`);
      return;
    }
    send({ type: "say", text: `Done: ${asked.yes}.` });
    close();
  };
  const onClose = (): void => {
    if (!isEnding.current) close();
    isEnding.current = false;
  };
  return (
    <dialog ref={dialog} class="card confirm" aria-labelledby="asked" onClose={onClose}>
      {asked !== undefined && (
        <>
          <h2 id="asked">{asked.title}</h2>
          {asked.will.map((text) => (
            <p key={text}>{text}</p>
          ))}
          {problem !== "" && (
            <p class="bad" role="alert">
              {problem}
            </p>
          )}
          <div class="buttons">
            <button type="button" onClick={close}>
              Leave it as it is
            </button>
            <button type="button" class="chief" disabled={isGiving} onClick={() => void obey()}>
              {asked.yes}
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}
