// wasi:i2c@0.2.0-draft over message lists, as kernels take them.

import { Refused, hex, unhex } from './board.mjs';

/** Flags of a message, as in Linux's `struct i2c_msg`. */
const TEN = 0x0010;
const NO_START = 0x4000;

const LAST_SEVEN_BIT = 0x7f;
const LAST_TEN_BIT = 0x3ff;

/** How many bytes one call may move, where the embedder does not say. */
const MOST_BYTES = 65536;

/** What a guest imports: the proposal, and the interface that hands out what the embedder configured. */
export function i2c(board, buses = {}) {
  return {
    'wasi:i2c/i2c': { I2c },
    'wasi:i2c/delay': { Delay },
    'wasi-hw:conformance/board-i2c': {
      openBus(label) {
        if (!Object.hasOwn(buses, label)) throw `no bus \`${label}\``;
        try {
          return new I2c(board.open('i2c-open', { bus: label }, 'i2c-close'), buses[label]);
        } catch (error) {
          if (error instanceof Refused) throw error.message;
          throw error;
        }
      },
      openDelay: () => new Delay(board),
    },
  };
}

class I2c {
  #driver;
  #policy;

  constructor(driver, policy) {
    this.#driver = driver;
    this.#policy = policy;
  }

  transaction(address, operations) {
    if (operations.length === 0) return [];
    if (address > LAST_TEN_BIT || !admits(this.#policy, address, operations)) throw { tag: 'other' };
    // The interface has no flag for the width: what fits into seven bits has seven.
    const width = address > LAST_SEVEN_BIT ? TEN : 0;
    const messages = operations.map(({ tag, val }, n) => {
      // Neighbours of one direction are joined: no START and address between them.
      const flags = width | (n > 0 && operations[n - 1].tag === tag ? NO_START : 0);
      if (tag === 'write') return { write: { address, flags, bytes: hex(val) } };
      return { read: { address, flags, len: Number(val) } };
    });
    try {
      return this.#driver.ask('i2c-transfer', { messages }).reads.map(unhex);
    } catch (error) {
      throw error instanceof Refused ? errorCode(error.code) : error;
    }
  }

  read(address, len) {
    return this.transaction(address, [{ tag: 'read', val: len }])[0];
  }

  write(address, data) {
    this.transaction(address, [{ tag: 'write', val: data }]);
  }

  writeRead(address, write, readLen) {
    const operations = [
      { tag: 'write', val: write },
      { tag: 'read', val: readLen },
    ];
    return this.transaction(address, operations)[0];
  }

  [Symbol.dispose]() {
    this.#driver.close();
  }
}

/** Whether the embedder lets a guest do this, all of it. */
function admits({ allow, 'most-bytes': mostBytes }, address, operations) {
  const wanted = new Set(operations.map(({ tag }) => tag));
  const allowed = (direction) =>
    !allow || allow.some((rule) => rule.address === address && [direction, 'read-write'].includes(rule.access));
  // A guest names the length of a read with 64 bits: the sum is made of those.
  const bytes = operations.reduce((sum, { tag, val }) => sum + (tag === 'read' ? val : BigInt(val.length)), 0n);
  return [...wanted].every(allowed) && bytes <= BigInt(mostBytes ?? MOST_BYTES);
}

/** What the interface calls a driver's refusal. */
function errorCode(code) {
  switch (code) {
    case 'bus-error':
      return { tag: 'bus' };
    case 'arbitration-lost':
      return { tag: 'arbitration-loss' };
    case 'address-nack':
      return { tag: 'no-acknowledge', val: 'address' };
    case 'data-nack':
      return { tag: 'no-acknowledge', val: 'data' };
    case 'overrun':
      return { tag: 'overrun' };
    default:
      return { tag: 'other' };
  }
}

class Delay {
  #board;

  constructor(board) {
    this.#board = board;
  }

  delayNs(ns) {
    if (ns > 0) this.#board.pause(ns);
  }

  [Symbol.dispose]() {}
}
