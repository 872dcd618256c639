// The board, as one guest's thread sees it through the harness.

import { receiveMessageOnPort } from 'node:worker_threads';
import { send } from './lines.mjs';

/** A driver's error: `code` is what a host maps to an error of its own, `message` is for people. */
export class Refused extends Error {
  constructor({ code, why }) {
    super(why);
    this.code = code;
  }
}

/** Nothing can happen any more. Thrown through the guest, to end it. */
export class Dead extends Error {
  constructor() {
    super('nothing can happen any more');
  }
}

/** What the harness hands to this thread. */
export class Mail {
  #port;
  #handed;

  constructor(port, handed) {
    this.#port = port;
    this.#handed = handed;
  }

  /** The next message. Blocks the thread until it is there. */
  next() {
    for (;;) {
      const before = Atomics.load(this.#handed, 0);
      const received = receiveMessageOnPort(this.#port);
      if (received) return received.message;
      Atomics.wait(this.#handed, 0, before);
    }
  }
}

/** The board during one run. */
export class Board {
  #mail;
  #guest;
  #open = new Set();
  #timers = new Set();

  constructor(mail, guest) {
    this.#mail = mail;
    this.#guest = guest;
  }

  /** Asks for an operation, and gives what it is answered with. Blocks. Throws `Refused` or `Dead`. */
  ask(name, fields = {}) {
    send({ ask: { guest: this.#guest, op: { [name]: fields } } });
    const { answer } = this.#mail.next();
    if (answer.ok) return answer.ok;
    if (answer.refused) throw new Refused(answer.refused);
    throw new Dead();
  }

  /** Asks for an operation that opens something, and gives a driver for it. `close` is the operation that closes it. */
  open(name, fields, close) {
    const driver = new Driver(this, this.ask(name, fields), close, () => this.#open.delete(driver));
    this.#open.add(driver);
    return driver;
  }

  /** Closes what a guest had open that ended by a trap: no destructor runs then. */
  closeAll() {
    for (const driver of this.#open) driver.close();
  }

  /** Lets so many nanoseconds of board time pass. */
  pause(ns) {
    this.wait({ ns });
  }

  /** Waits for any of what the fields of the operation `wait` name, and gives what has happened of it. Whatever a
   *  guest waits for, the hosts' timers ring meanwhile. */
  wait(wanted) {
    if (this.#timers.size === 0) return this.ask('wait', wanted);
    let now = this.#now();
    const until = now + (wanted.ns ?? Infinity);
    for (;;) {
      const next = Math.min(until, ...[...this.#timers].map((timer) => timer.at));
      const left = Math.max(next - now, 0);
      const woken = this.ask('wait', { ...wanted, ns: Number.isFinite(left) ? left : undefined });
      ({ now } = woken);
      for (const timer of this.#timers) if (timer.at <= now) timer.ring();
      const came = woken.on?.length > 0 || woken.hotplug;
      if (came || now >= until) return { ...woken, time: now >= until };
    }
  }

  /** Calls `ring` after so many nanoseconds, as soon as this guest waits for anything; gives what stops the timer. */
  after(ns, ring) {
    const timer = { at: this.#now() + ns, ring };
    const stop = () => this.#timers.delete(timer);
    timer.ring = () => {
      stop();
      ring();
    };
    this.#timers.add(timer);
    return stop;
  }

  /** Board time in nanoseconds. */
  #now() {
    return this.ask('wait', { ns: 0 }).now;
  }
}

/** Something that is open on the board. */
export class Driver {
  #board;
  #opened;
  #close;
  #forget;
  #before = () => {};

  constructor(board, opened, close, forget) {
    this.#board = board;
    this.#opened = opened;
    this.#close = close;
    this.#forget = forget;
  }

  /** What the board said when it was opened. */
  get opened() {
    return this.#opened;
  }

  /** Its number. */
  get handle() {
    return this.#opened.handle;
  }

  /** Asks for an operation on it, as the board does. */
  ask(name, fields) {
    return this.#board.ask(name, { handle: this.handle, ...fields });
  }

  /** What is to be done before it is closed. */
  beforeClose(run) {
    this.#before = run;
  }

  /** Closes it, if that is not done. Nobody can be told of an error. */
  close() {
    if (!this.#forget) return;
    this.#forget();
    this.#forget = undefined;
    attempt(() => this.#before());
    attempt(() => this.ask(this.#close));
  }
}

/** Does something whose failure is of no consequence; whether it was done. */
export function attempt(run) {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof Refused || error instanceof Dead) return false;
    throw error;
  }
}

/** Bytes as the protocol has them. */
export const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** And back. */
export const unhex = (digits) => new Uint8Array(Buffer.from(digits, 'hex'));
