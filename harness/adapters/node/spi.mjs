// wasi:spi@0.2.0-draft over lists of transfers, as Linux's spidev takes them.

import { Refused, hex, unhex } from './board.mjs';

/** How many bytes one call may clock, where the embedder does not say. */
const MOST_BYTES = 65536;

/** The longest pause that one transfer holds, in microseconds: a field of 16 bits. */
const LONGEST_PAUSE = 65535;

/** The import by the package's own name. */
const OWN = 'wasi:spi/spi';

/** What a guest imports: the interface by its own name, and by those to which the embedder gave devices. */
export function spi(board, devices = {}) {
  const names = new Set([OWN, ...Object.values(devices).flatMap(importsOf)]);
  return Object.fromEntries([...names].map((name) => [name, of(name)]));

  function of(its) {
    return {
      SpiDevice,
      open(name) {
        const device = Object.hasOwn(devices, name) ? devices[name] : undefined;
        // Denied, of another import, or missing: the guest cannot tell.
        if (!device || device.access === 'none' || !importsOf(device).includes(its)) {
          throw other(`no device \`${name}\``);
        }
        return new SpiDevice(attach(board, name, device), device);
      },
    };
  }
}

/** The imports that give a device. */
const importsOf = ({ imports = [] }) => (imports.length > 0 ? imports : [OWN]);

/** A driver with the settings that belong to the name. */
function attach(board, name, { mode, hz, bits, 'lsb-first': lsbFirst }) {
  let driver;
  try {
    driver = board.open('spi-open', { device: name }, 'spi-close');
    driver.ask('spi-configure', {
      mode: mode ?? 0,
      hz: hz ?? 1_000_000,
      bits: bits ?? 8,
      'lsb-first': lsbFirst ?? false,
    });
    return driver;
  } catch (error) {
    driver?.close();
    throw error instanceof Refused ? other(error.message) : error;
  }
}

class SpiDevice {
  #driver;
  #policy;

  constructor(driver, policy) {
    this.#driver = driver;
    this.#policy = policy;
  }

  read(len) {
    return this.transaction([{ tag: 'read', val: len }])[0].val;
  }

  write(data) {
    this.transaction([{ tag: 'write', val: data }]);
  }

  transfer(data) {
    return this.transaction([{ tag: 'transfer', val: data }])[0].val;
  }

  transaction(operations) {
    admit(this.#policy, operations);
    if (operations.length === 0) return [];
    const transfers = operations.flatMap(asTransfers);
    let reads;
    try {
      ({ reads } = this.#driver.ask('spi-message', { transfers }));
    } catch (error) {
      throw error instanceof Refused ? failure(error) : error;
    }
    let next = 0;
    return operations.map(({ tag, val }) => {
      switch (tag) {
        case 'write':
          return { tag };
        case 'delay-ns':
          return { tag: 'delay' };
        default:
          return { tag, val: lengthOf({ tag, val }) > 0n ? unhex(reads[next++]) : new Uint8Array() };
      }
    });
  }

  [Symbol.dispose]() {
    this.#driver.close();
  }
}

/** An operation as transfers of a message. */
function asTransfers({ tag, val }) {
  switch (tag) {
    // One without any byte is a transfer without anything, and has no place in the answer.
    case 'read':
      return [{ read: Number(val) || undefined }];
    case 'write':
      return [{ write: hex(val) }];
    case 'transfer':
      return [{ write: hex(val), read: val.length || undefined }];
    case 'delay-ns':
      return pauses(val);
  }
}

/** A pause of at least so many nanoseconds, in whole microseconds. */
function pauses(ns) {
  const parts = [];
  for (let left = Math.ceil(ns / 1000); left > 0; left -= LONGEST_PAUSE) {
    parts.push({ 'delay-us': Math.min(left, LONGEST_PAUSE) });
  }
  // A transfer without anything: a frame of pauses alone is a frame all the same.
  return parts.length > 0 ? parts : [{}];
}

/** The bytes that an operation clocks. */
function lengthOf({ tag, val }) {
  if (tag === 'delay-ns') return 0n;
  // A guest names the length of a read with 64 bits: sums are made of those.
  return tag === 'read' ? val : BigInt(val.length);
}

/** Throws where the embedder does not let a guest do this. */
function admit({ access, 'most-bytes': mostBytes }, operations) {
  const sends = operations.some(({ tag }) => tag === 'write' || tag === 'transfer');
  if (sends && access === 'read') throw other('the device is for reading only');
  const bytes = operations.reduce((sum, operation) => sum + lengthOf(operation), 0n);
  const most = mostBytes ?? MOST_BYTES;
  if (bytes > BigInt(most)) throw other(`${bytes} bytes in one call; ${most} are allowed`);
}

/** What the interface calls a driver's refusal. */
function failure({ code, message }) {
  switch (code) {
    case 'overrun':
    case 'mode-fault':
    case 'frame-format':
      return { tag: code };
    case 'chip-select':
      return { tag: 'chip-select-fault' };
    default:
      return other(message);
  }
}

const other = (text) => ({ tag: 'other', val: text });
