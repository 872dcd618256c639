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
   *  to wait for before that can change, as an element of `on` of its operation `wait`. `source.drop()` is called
   *  once. */
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
    // Several of them may want the same of one line.
    const on = new Map();
    for (const wanted of pollables.map((pollable) => pollable.wanted())) on.set(`${wanted.handle} ${wanted.for}`, wanted);
    board.wait({ on: [...on.values()] });
  }
}
