// An open USB device as its handle and its transfers share it: what is claimed, what is in flight, and what is left
// when it is closed. Errors are those of the interface, thrown as their names.

import { Refused, attempt, hex } from './board.mjs';

/** Speeds from which on there are streams. */
const WITH_STREAMS = ['super', 'super-plus', 'super-plus-x2'];

/** A device has no more endpoints than these. */
const MOST_ENDPOINTS = 30;

const CANCELLED = { status: 'cancelled', bytes: '' };

export class Open {
  #board;
  #driver;
  #device;
  #keepKernelDrivers;
  #closed = false;
  /** After a reset that lost the device. */
  #lost = false;
  #claimed = new Set();
  /** Interfaces that were taken from a kernel driver by a claim. */
  #taken = new Set();
  /** By endpoint, how many there are. */
  #streams = new Map();
  #inFlight = new Set();
  /** What transfers came to that closing has ended, until they are awaited. */
  #ended = new Map();

  constructor(board, driver, device, keepKernelDrivers) {
    this.#board = board;
    this.#driver = driver;
    this.#device = device;
    this.#keepKernelDrivers = keepKernelDrivers;
    driver.beforeClose(() => this.#end());
  }

  get isClosed() {
    return this.#closed;
  }

  /** Asks the driver, of a device that is neither closed nor lost. */
  #ask(name, fields) {
    if (this.#closed || this.#lost) throw 'no-device';
    return told(() => this.#driver.ask(name, fields));
  }

  configuration() {
    return this.#ask('usb-configuration').value;
  }

  setConfiguration(value) {
    this.#ask('usb-set-configuration', { value });
    this.#streams.clear();
  }

  claim(number) {
    try {
      this.#ask('usb-claim', { interface: number });
    } catch (error) {
      // A handle that has it cannot be told to be busy; whoever else has it may be a kernel driver.
      if (error !== 'busy' || this.#claimed.has(number) || this.#keepKernelDrivers) throw error;
      this.#takeFromDriver(number);
    }
    this.#claimed.add(number);
  }

  #takeFromDriver(number) {
    const fields = { interface: number };
    const driven = attempt(() => {
      if (this.#driver.ask('usb-kernel-driver', fields).value !== 1) throw new Refused({ code: 'not-found' });
      this.#driver.ask('usb-detach-kernel-driver', fields);
    });
    if (!driven) throw 'busy';
    try {
      this.#ask('usb-claim', fields);
    } catch (error) {
      // Whoever was faster has it; the driver gets it back if it can.
      attempt(() => this.#driver.ask('usb-attach-kernel-driver', fields));
      throw error;
    }
    this.#taken.add(number);
  }

  release(number) {
    if (!this.#claimed.has(number)) this.#absent();
    this.#ask('usb-release', { interface: number });
    this.#claimed.delete(number);
    this.#giveBack(number);
  }

  /** Gives an interface back to the driver that it was taken from. One that does not come back is nobody's error. */
  #giveBack(number) {
    if (this.#taken.delete(number)) {
      attempt(() => this.#driver.ask('usb-attach-kernel-driver', { interface: number }));
    }
  }

  /** There is no such thing, or no device any more. */
  #absent() {
    this.configuration();
    throw 'not-found';
  }

  setAlternate(number, alternate) {
    if (!this.#claimed.has(number)) this.#absent();
    this.#ask('usb-set-interface', { interface: number, alternate });
  }

  clearHalt(endpoint) {
    this.#ask('usb-clear-halt', { endpoint });
  }

  reset() {
    try {
      this.#ask('usb-reset');
    } catch (error) {
      // It came back as another device, or not at all.
      this.#lost = error === 'not-found';
      throw error;
    } finally {
      this.#streams.clear();
    }
  }

  allocStreams(count, endpoints) {
    this.#checkStreams(endpoints);
    const { value: granted } = this.#ask('usb-alloc-streams', { count, endpoints: hex(endpoints) });
    if (granted < count) {
      // The result has no room for the number, so fewer would leave the guest guessing.
      attempt(() => this.#driver.ask('usb-free-streams', { endpoints: hex(endpoints) }));
      throw 'no-mem';
    }
    for (const endpoint of endpoints) this.#streams.set(endpoint, granted);
  }

  freeStreams(endpoints) {
    this.#checkStreams(endpoints);
    this.#ask('usb-free-streams', { endpoints: hex(endpoints) });
    for (const endpoint of endpoints) this.#streams.delete(endpoint);
  }

  #checkStreams(endpoints) {
    this.configuration();
    if (!WITH_STREAMS.includes(this.#device.speed)) throw 'not-supported';
    if (endpoints.length > MOST_ENDPOINTS) throw 'invalid-param';
  }

  kernelDriver(number) {
    return this.#ask('usb-kernel-driver', { interface: number }).value === 1;
  }

  detach(number) {
    if (this.#keepKernelDrivers && this.kernelDriver(number)) throw 'access';
    this.#ask('usb-detach-kernel-driver', { interface: number });
  }

  attach(number) {
    this.#ask('usb-attach-kernel-driver', { interface: number });
  }

  /** Starts a transfer, after what the host itself has to say about it; gives its number. */
  submit(transfer) {
    const value = this.configuration();
    if (transfer.kind === 'control') {
      // These two would change what the platform believes in behind its back.
      if (/^(0009|010b)/.test(transfer.setup)) throw 'invalid-param';
    } else {
      if (!this.#isClaimed(value, transfer.endpoint)) throw 'not-found';
      if (transfer.stream > (this.#streams.get(transfer.endpoint) ?? 0)) throw 'invalid-param';
    }
    const { handle: id } = this.#ask('usb-submit', transfer);
    this.#inFlight.add(id);
    return id;
  }

  /** Whether an endpoint is one of an interface that this handle has claimed, in the configuration in force. */
  #isClaimed(value, endpoint) {
    const active = this.#device.configurations.filter((one) => one?.configurationValue === value && value !== 0);
    return active
      .flatMap(({ interfaces }) => interfaces)
      .filter(({ interfaceNumber }) => this.#claimed.has(interfaceNumber))
      .some(({ endpoints }) => endpoints.some(({ endpointAddress }) => endpointAddress === endpoint));
  }

  cancel(id) {
    // Others have ended already, by closing.
    if (!this.#closed && this.#inFlight.has(id)) told(() => this.#board.ask('usb-cancel', { handle: id }));
  }

  /** Waits for the end of a transfer, and takes what came of it. */
  finish(id) {
    for (;;) {
      const ended = this.#ended.get(id);
      if (ended) {
        this.#ended.delete(id);
        return ended;
      }
      const { completion } = told(() => this.#board.ask('usb-reap', { handle: id }));
      if (completion) {
        this.#inFlight.delete(id);
        return completion;
      }
      this.#board.wait({ on: [{ handle: id, for: 'over' }] });
    }
  }

  /** Nobody waits for this transfer any more. */
  forget(id) {
    this.#ended.delete(id);
    if (this.#inFlight.delete(id) && !this.#closed) attempt(() => this.#discard(id));
  }

  #discard(id) {
    this.#board.ask('usb-cancel', { handle: id });
    this.#board.ask('usb-reap', { handle: id });
  }

  close() {
    this.#driver.close();
  }

  /** Before the device is closed: what is in flight ends, and what was complete before keeps its result. Then every
   *  interface is given back. */
  #end() {
    for (const id of this.#inFlight) {
      let completion = null;
      attempt(() => ({ completion } = this.#board.ask('usb-reap', { handle: id })));
      if (!completion) attempt(() => this.#discard(id));
      this.#ended.set(id, completion ?? CANCELLED);
    }
    this.#inFlight.clear();
    for (const number of [...this.#claimed].sort((a, b) => a - b)) {
      attempt(() => this.#driver.ask('usb-release', { interface: number }));
      this.#giveBack(number);
    }
    this.#claimed.clear();
    this.#closed = true;
  }
}

/** Runs something, with a driver's refusal as the interface's error. */
export function told(run) {
  try {
    return run();
  } catch (error) {
    throw error instanceof Refused ? errorOf(error.code) : error;
  }
}

function errorOf(code) {
  switch (code) {
    case 'missing':
    case 'gone':
      return 'no-device';
    case 'denied':
      return 'access';
    case 'not-found':
    case 'busy':
    case 'io':
    case 'timeout':
      return code;
    case 'invalid':
      return 'invalid-param';
    case 'unsupported':
      return 'not-supported';
    case 'too-much':
      return 'no-mem';
    default:
      return 'other';
  }
}
