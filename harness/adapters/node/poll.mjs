// wasi:io/poll over the one operation of the board that waits.

/** What a guest imports. */
export function io(board) {
  return {
    'wasi:io/poll': {
      Pollable,
      poll(pollables) {
        if (pollables.length === 0) throw new WebAssembly.RuntimeError('poll of an empty list');
        return wait(board, pollables);
      },
    },
  };
}

/** One thing that is waited for. */
export class Pollable {
  #board;
  #source;

  /** `source.isReady()` says whether it has happened. While it has not, `source.wanted()` gives what the board has
   *  to wait for before that can change, as the fields of its operation `wait`. `source.drop()` is called once. */
  constructor(board, source) {
    this.#board = board;
    this.#source = source;
  }

  ready() {
    return this.#source.isReady();
  }

  block() {
    wait(this.#board, [this]);
  }

  wanted() {
    return this.#source.wanted();
  }

  [Symbol.dispose]() {
    this.#source.drop();
  }
}

/** Blocks until some are ready, and gives their places in the list. */
function wait(board, pollables) {
  for (;;) {
    const ready = [...pollables.keys()].filter((n) => pollables[n].ready());
    if (ready.length > 0) return Uint32Array.from(ready);
    const all = {};
    for (const [what, handles] of pollables.flatMap((pollable) => Object.entries(pollable.wanted()))) {
      all[what] = [...new Set([...(all[what] ?? []), ...handles])];
    }
    board.wait(all);
  }
}
