// A host of wasi:i2c, and the adapter that runs it in the conformance suite. For Node 20 or newer.
import { readFileSync, readSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';

const ABOUT = { name: 'template', version: '0.1.0', packages: ['wasi:i2c@0.2.0-draft'] };

// Both streams are the protocol's: what a library prints goes to standard error, and what it reads is empty.
Object.defineProperties(process, { stdout: { value: process.stderr }, stdin: { value: Readable.from([]) } });

/** Sends a message: one line of JSON. */
const send = (message) => writeSync(1, JSON.stringify(message) + '\n');

let heard = Buffer.alloc(0); // What came, and was not read yet.
/** The next message. Blocks until it is there. */
function receive() {
  while (!heard.includes('\n')) {
    const part = Buffer.alloc(65536);
    const length = readSync(0, part);
    if (length === 0) process.exit(); // The harness is gone.
    heard = Buffer.concat([heard, part.subarray(0, length)]);
  }
  const line = heard.subarray(0, heard.indexOf('\n'));
  heard = heard.subarray(line.length + 1);
  return JSON.parse(line);
}

/** Asks the board for something, and blocks until it is done. What is refused is thrown, as `error` makes it. */
function ask(operation, fields, error = ({ why }) => why) {
  send({ ask: { op: { [operation]: fields } } });
  const { answer } = receive();
  if (answer.refused) throw error(answer.refused);
  return answer.ok;
}

/** What the interface calls a driver's refusals; all others are `other`. */
const ERRORS = {
  'bus-error': { tag: 'bus' },
  'arbitration-lost': { tag: 'arbitration-loss' },
  'address-nack': { tag: 'no-acknowledge', val: 'address' },
  'data-nack': { tag: 'no-acknowledge', val: 'data' },
  overrun: { tag: 'overrun' },
};

/** The host: a bus, over a driver that takes lists of messages. */
class I2c {
  constructor(bus) {
    this.handle = ask('i2c-open', { bus }).handle;
  }

  transaction(address, operations) {
    if (operations.length === 0) return [];
    const flags = address > 0x7f ? 0x0010 : 0; // Ten bits, where seven do not do.
    const messages = operations.map(({ tag, val }) => {
      if (tag === 'read') return { read: { address, flags, len: Number(val) } };
      return { write: { address, flags, bytes: Buffer.from(val).toString('hex') } };
    });
    const error = ({ code }) => ERRORS[code] ?? { tag: 'other' };
    const { reads } = ask('i2c-transfer', { handle: this.handle, messages }, error);
    return reads.map((digits) => new Uint8Array(Buffer.from(digits, 'hex')));
  }

  read = (address, len) => this.transaction(address, [{ tag: 'read', val: len }])[0];
  write = (address, data) => void this.transaction(address, [{ tag: 'write', val: data }]);
  writeRead = (address, data, len) =>
    this.transaction(address, [{ tag: 'write', val: data }, { tag: 'read', val: len }])[0];

  [Symbol.dispose]() {
    ask('i2c-close', { handle: this.handle });
  }
}

class Delay { delayNs = (ns) => void (ns > 0 && ask('wait', { ns })); }

const IMPORTS = {
  'wasi-hw:conformance/board': {
    saw: (line) => ask('saw', { line }),
    cue: (name) => ask('cue', { name }),
    wait: (ns) => ask('wait', { ns: Number(ns) }),
  },
  'wasi-hw:conformance/board-i2c': { openBus: (label) => new I2c(label), openDelay: () => new Delay() },
  'wasi:i2c/delay': { Delay },
  'wasi:i2c/i2c': { I2c },
};

/** Turns a component into JavaScript. */
async function load({ path }) {
  const { transpileBytes } = await import('@bytecodealliance/jco-transpile');
  const { files, imports } = await transpileBytes(readFileSync(path), { instantiation: 'sync', wasiShim: false });
  const script = Buffer.from(files['component.js']) + '\n//# sourceURL=component.js';
  const { instantiate } = await import('data:text/javascript,' + encodeURIComponent(script));
  return { imports, start: () => instantiate((name) => new WebAssembly.Module(files[name]), IMPORTS) };
}

const loaded = {}; // What was made of components, by their hash.
/** Runs a guest; gives how it ended. */
async function run({ component, tests: [test] }) {
  const { imports, start } = (loaded[component.sha256] ??= await load(component));
  const item = imports.find((name) => !(name in IMPORTS));
  if (item) return { how: 'link-failure', item, why: 'the host does not have it' };
  try {
    start().run(test);
    return { how: 'returned' };
  } catch (error) {
    console.error(error);
    return { how: error instanceof WebAssembly.RuntimeError ? 'trap' : 'crash', why: error.message };
  }
}

for (;;) {
  const message = receive();
  if (message.start) send({ started: { protocol: '1.3.0', ...ABOUT } });
  if (message.run) send({ done: { run: message.run.run, ...(await run(message.run)) } });
  if (message.sync) send({ synced: message.sync });
  if (message.stop) process.exit();
}
