// USB transfers: made, submitted, awaited, each once.

import { hex, unhex } from './board.mjs';

/** The most bytes that wLength of a SETUP packet can say. */
const MOST_CONTROL_BYTES = 0xffff;

/** What a transfer counts besides its bytes: a guest must not have any number of empty ones either. */
const OVERHEAD = 1024;

export class Transfer {
  #board;
  #open;
  #limits;
  #request;
  #id;
  #timedOut = false;
  #stopTimer = () => {};
  #giveBack = () => {};

  /** `limits` says how much one transfer may be, and counts those in flight. Throws where no transfer can be like this,
   *  before anything is allocated for it. */
  constructor(board, open, limits, request) {
    const { kind, size, packets } = request;
    const isochronous = kind === 'isochronous';
    if (kind === 'control' && size > MOST_CONTROL_BYTES) throw 'invalid-param';
    if (isochronous && packets === 0) throw 'invalid-param';
    if (size > limits.mostBytes || (isochronous && packets > limits.mostPackets)) throw 'no-mem';
    this.#board = board;
    this.#open = open;
    this.#limits = limits;
    this.#request = request;
  }

  submitTransfer(data) {
    if (this.#open.isClosed) throw 'no-device';
    if (this.#id !== undefined) throw 'busy';
    const { size, timeoutMs } = this.#request;
    if (!isIn(this.#request) && data.length !== size) throw 'invalid-param';
    const cost = size + OVERHEAD;
    if (this.#limits.inFlight + cost > this.#limits.mostInFlight) throw 'no-mem';
    this.#id = this.#open.submit(submission(this.#request, data));
    this.#limits.inFlight += cost;
    this.#giveBack = () => {
      this.#limits.inFlight -= cost;
    };
    if (timeoutMs > 0) this.#stopTimer = this.#board.after(timeoutMs * 1_000_000, () => this.#timeOut());
  }

  cancelTransfer() {
    if (this.#id === undefined) throw 'not-found';
    this.#open.cancel(this.#id);
  }

  #timeOut() {
    this.#timedOut = true;
    try {
      this.#open.cancel(this.#id);
    } catch {
      // It is over already, and tells so itself.
    }
  }

  /** Waits for the end. */
  finish() {
    if (this.#id === undefined) throw 'not-found';
    try {
      return result(this.#open.finish(this.#id), this.#timedOut);
    } finally {
      this[Symbol.dispose]();
    }
  }

  /** One that is in flight is cancelled. */
  [Symbol.dispose]() {
    if (this.#id === undefined) return;
    this.#stopTimer();
    this.#giveBack();
    this.#giveBack = () => {};
    this.#open.forget(this.#id);
  }
}

/** Whether data goes from the device to the guest. */
function isIn({ kind, setup, endpoint }) {
  return ((kind === 'control' ? setup.bmRequestType : endpoint) & 0x80) !== 0;
}

/** What the driver gets. */
function submission(request, data) {
  const { kind, setup, size, endpoint, stream, packets } = request;
  const control = kind === 'control';
  return {
    kind,
    endpoint: control ? 0 : endpoint,
    setup: control ? hex(setupPacket(setup, size)) : undefined,
    ...(isIn(request) ? { read: size } : { write: hex(data) }),
    packets: kind === 'isochronous' ? shares(size, packets) : undefined,
    stream: control ? 0 : stream,
  };
}

/** USB 2.0, section 9.3. */
function setupPacket({ bmRequestType, bRequest, wValue, wIndex }, wLength) {
  const packet = Buffer.alloc(8);
  packet.writeUInt8(bmRequestType, 0);
  packet.writeUInt8(bRequest, 1);
  packet.writeUInt16LE(wValue, 2);
  packet.writeUInt16LE(wIndex, 4);
  packet.writeUInt16LE(wLength, 6);
  return packet;
}

/** Shares a size evenly; the remainder is the last one's. */
function shares(size, packets) {
  const each = Math.floor(size / packets);
  return Array.from({ length: packets }, (_, n) => (n === packets - 1 ? size - each * n : each));
}

/** What a guest is told. The bytes of isochronous packets are joined up: a guest that gets no lengths could not find
 *  gaps, and a packet that failed has none. */
function result({ status, bytes, packets }, timedOut) {
  switch (status) {
    case 'completed':
      return packets?.length > 0 ? whole(unhex(bytes), packets) : unhex(bytes ?? '');
    case 'stall':
      throw 'pipe';
    case 'overflow':
      throw 'overflow';
    case 'cancelled':
      // There is no error for cancellation.
      throw timedOut ? 'timeout' : 'interrupted';
    case 'gone':
      throw 'no-device';
    default:
      throw 'io';
  }
}

/** The bytes of the packets that came whole. Of an OUT transfer there are none. */
function whole(bytes, packets) {
  let at = 0;
  const parts = packets.map(({ status, moved }) => {
    const part = bytes.subarray(at, at + moved);
    at += moved;
    return status === 'completed' ? part : new Uint8Array();
  });
  return new Uint8Array(Buffer.concat(parts));
}
