// A GPIO line, and what a guest waits for on it.
//
// The pollables outlive the pin if the guest drops it first: then they are ready. What happened stays with the watch
// that waited for it, so one that became ready stays so.

import { Refused } from './board.mjs';

/** How many watches a guest may have on one pin at a time. */
const MOST_WATCHES = 1000;

export class Line {
  #board;
  /** Until the pin is dropped. */
  #driver;
  #watches = new Set();

  constructor(board, driver) {
    this.#board = board;
    this.#driver = driver;
  }

  /** What the board said when the line was requested. */
  get opened() {
    return this.#driver.opened;
  }

  ask(name, fields) {
    return this.#driver.ask(name, fields);
  }

  /** Releases the line. */
  release() {
    this.#driver.close();
    this.#driver = undefined;
  }

  /** Begins to wait. What happened on the line before does not count for this watch; what it has now does, where
   *  `has` is given. */
  watch(has, comes) {
    this.#limit();
    this.#takeEvents();
    return this.#add({ comes, fired: has ? has(this.ask('gpio-get').sample) : false });
  }

  /** Waits for the line to be usable after its request. */
  watchSettled() {
    this.#limit();
    return this.#add({ settled: true, comes: () => false, fired: false });
  }

  #limit() {
    if (this.#watches.size >= MOST_WATCHES) {
      throw new Refused({ code: 'too-much', why: `more than ${MOST_WATCHES} watches on one pin` });
    }
  }

  /** A watch, as the source of a pollable. */
  #add(watch) {
    this.#watches.add(watch);
    return {
      isReady: () => this.#isReady(watch),
      wanted: () => ({ handle: this.#driver.handle, for: watch.settled ? 'settled' : 'event' }),
      drop: () => this.#watches.delete(watch),
    };
  }

  #isReady(watch) {
    if (watch.fired || !this.#driver) return true;
    if (watch.settled) {
      const on = [{ handle: this.#driver.handle, for: 'settled' }];
      watch.fired = this.#board.wait({ ns: 0, on }).on?.length > 0;
      return watch.fired;
    }
    try {
      this.#takeEvents();
    } catch (error) {
      // The line is lost, and every watch has been told.
      if (!(error instanceof Refused)) throw error;
    }
    return watch.fired;
  }

  /** Tells every watch what happened on the line since this was last done. */
  #takeEvents() {
    for (;;) {
      let event;
      try {
        ({ event } = this.ask('gpio-event'));
      } catch (error) {
        // A line that is lost is an error to come, and an error counts as ready.
        if (error instanceof Refused) for (const watch of this.#watches) watch.fired = true;
        throw error;
      }
      if (!event) return;
      for (const watch of this.#watches) watch.fired ||= watch.comes(event.now);
    }
  }
}
