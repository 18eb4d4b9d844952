// Lets a test step in between a call, its effect and its answer.

export interface CallEvent {
  sequence: number;
  action: string;
  /** "received": before anything is done. "acted": after the call took effect, before its answer. */
  phase: "received" | "acted";
  /** The parsed body, without secrets. */
  request: unknown;
}

/** "drop" destroys the connection without an answer. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return statement is the usual case.
export type CallHook = (event: CallEvent) => void | "drop" | Promise<void | "drop">;

export class Hooks {
  #hooks = new Set<CallHook>();

  add(hook: CallHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  clear(): void {
    this.#hooks.clear();
  }

  /** Whether any hook asked for the connection to be dropped. */
  async drops(event: CallEvent): Promise<boolean> {
    let drop = false;
    for (const hook of this.#hooks) drop = (await hook(event)) === "drop" || drop;
    return drop;
  }
}
