import type { Json } from "../model/config.ts";
import type { OptionName } from "../model/options.ts";

/** What a value of holdfast.yaml may be. One description drives the decoder, the JSON Schema and the reference table. */
export type Shape =
  | TextShape
  | WholeShape
  | FlagShape
  | ChoiceShape
  | DurationShape
  | OptionShape
  | SecretShape
  | JsonShape
  | ListShape
  | RecordShape
  | NamedShape
  | EitherShape;

/** What people read about a value. */
export interface Doc {
  /** One sentence: what it is for. */
  readonly about: string;
  /** A value as it is written in the file. */
  readonly example: string;
  /** What holds where it is not said. */
  readonly fallback?: string;
}

/** Why a text is not acceptable. Never repeats the text. */
export interface TextProblem {
  readonly message: string;
  readonly hint?: string;
}

export interface TextShape extends Doc {
  readonly kind: "text";
  /** With article: "an interface name". */
  readonly expected: string;
  readonly check?: (text: string) => TextProblem | undefined;
  /** For the JSON Schema: what every acceptable text matches. */
  readonly pattern?: string;
}

export interface WholeShape extends Doc {
  readonly kind: "whole";
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
}

export interface FlagShape extends Doc {
  readonly kind: "flag";
}

export interface ChoiceShape extends Doc {
  readonly kind: "choice";
  readonly words: readonly string[];
}

/** Decodes to milliseconds. */
export interface DurationShape extends Doc {
  readonly kind: "duration";
  readonly minMs: number;
  readonly maxMs: number;
}

/** A bonding option: the table knows the rest. */
export interface OptionShape extends Doc {
  readonly kind: "option";
  readonly option: OptionName;
}

/** `{file: PATH}`, and never the secret itself. */
export interface SecretShape extends Doc {
  readonly kind: "secret";
}

/** Any value, kept as it stands; the keys named must be there, and secrets in it may not be in clear. */
export interface JsonShape extends Doc {
  readonly kind: "json";
  readonly required?: readonly string[];
}

/** A list, or one item alone where `alone` says so. */
export interface ListShape extends Doc {
  readonly kind: "list";
  readonly item: Shape;
  readonly alone: "one-may-stand-alone" | "always-a-list";
}

export interface RecordShape extends Doc {
  readonly kind: "record";
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** Words people bring from elsewhere, with the edit that says it here. */
  readonly foreign?: Readonly<Record<string, string>>;
}

/** A map from names to values. */
export interface NamedShape extends Doc {
  readonly kind: "named";
  readonly value: Shape;
  /** What the names name: "device". */
  readonly names: string;
}

/** The first alternative that takes this kind of node. */
export interface EitherShape extends Doc {
  readonly kind: "either";
  readonly of: readonly Shape[];
}

/** What decoding gives. Fields that are absent or could not be read are undefined; list items keep their index. */
export type Decoded<S> = S extends TextShape
  ? string
  : S extends { readonly kind: "choice"; readonly words: readonly (infer W)[] }
    ? W
    : S extends WholeShape | DurationShape
      ? number
      : S extends FlagShape
        ? boolean
        : S extends OptionShape
          ? number | string | readonly string[]
          : S extends SecretShape
            ? { readonly file: string }
            : S extends { readonly kind: "list"; readonly item: infer I }
              ? readonly (Decoded<I> | undefined)[]
              : S extends { readonly kind: "named"; readonly value: infer V }
                ? ReadonlyMap<string, Decoded<V>>
                : S extends { readonly kind: "record"; readonly fields: infer F }
                  ? { readonly [K in keyof F]?: Decoded<F[K]> }
                  : S extends { readonly kind: "either"; readonly of: readonly (infer O)[] }
                    ? Decoded<O>
                    : S extends JsonShape
                      ? Json
                      : never;
