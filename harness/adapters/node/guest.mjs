// The thread of one guest: makes an instance of a component for each run, on hosts of its own, and calls it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { Board, Dead, Mail, Refused } from './board.mjs';
import { gpio } from './gpio.mjs';
import { i2c } from './i2c.mjs';
import { keepOutputClean, send } from './lines.mjs';
import { io } from './poll.mjs';
import { spi } from './spi.mjs';
import { usb } from './usb.mjs';

keepOutputClean();

const { number, port, handed } = workerData;
const mail = new Mail(port, handed);

const PAGE = 65536;

/** What a guest imports: the board, and the hosts as the embedder configured them. */
function imports(board, host) {
  return {
    'wasi-hw:conformance/board': {
      // A message has room for 16 MiB, and the harness keeps 4,000 bytes.
      saw: (line) => board.ask('saw', { line: line.slice(0, 1 << 20).toWellFormed() }),
      cue(name) {
        try {
          board.ask('cue', { name });
        } catch (error) {
          if (error instanceof Refused) throw error.message;
          throw error;
        }
      },
      wait: (ns) => board.pause(Number(ns)),
    },
    ...io(board),
    ...i2c(board, host.i2c),
    ...spi(board, host.spi),
    ...gpio(board, host.gpio),
    ...usb(board, host.usb),
  };
}

/** The core modules of the components that were seen, compiled, and the code around them. */
const components = new Map();

async function component(folder) {
  if (!components.has(folder)) {
    const { instantiate } = await import(pathToFileURL(join(folder, 'guest.js')));
    const imports = JSON.parse(readFileSync(join(folder, 'imports.json'), 'utf8'));
    const modules = new Map();
    const core = (name) => {
      if (!modules.has(name)) modules.set(name, new WebAssembly.Module(readFileSync(join(folder, name))));
      return modules.get(name);
    };
    components.set(folder, { imports, instantiate: (host) => instantiate(core, host) });
  }
  return components.get(folder);
}

/** How an exception ends a guest. */
function ended(error) {
  if (error instanceof Dead) return { how: 'timeout', why: error.message };
  const why = error instanceof Error ? error.message : String(error);
  // The last is what a guest gets that recurses for ever.
  const trapped = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  if (trapped) return { how: 'trap', why };
  console.error(error);
  return { how: 'crash', why };
}

/** Makes the guest of a run. Gives how it ended, if it did already; or what runs it. */
async function make({ folder, lacks, host, limits }, board) {
  if (lacks) return { ending: { how: 'link-failure', why: `this host does not implement ${lacks}` } };
  const { imports: wanted, instantiate } = await component(folder);
  const given = imports(board, host);
  const item = wanted.find((name) => !Object.hasOwn(given, name));
  if (item) return { ending: { how: 'link-failure', item, why: 'this host does not implement it' } };
  // Holds for the whole process, and whenever a memory grows.
  v8.setFlagsFromString(`--wasm-max-mem-pages=${Math.floor(limits.memory / PAGE)}`);
  try {
    return instantiate(given);
  } catch (error) {
    return { ending: { how: 'link-failure', why: error.message } };
  }
}

function call(run, test) {
  try {
    run(test);
    return { how: 'returned' };
  } catch (error) {
    // The only error of the export.
    if (typeof error === 'string') return { how: 'no-such-test', why: error };
    return ended(error);
  }
}

for (;;) {
  const { run } = mail.next();
  const board = new Board(mail, number);
  const { ending, run: exported } = await make(run, board);
  parentPort.postMessage('ready');
  mail.next(); // `go`
  const how = ending ?? call(exported, run.test);
  // A guest that returned has dropped what it had, and the hosts have closed it, or not. In one that trapped no destructor
  // ran: its hosts end with it.
  if (how.how !== 'returned') board.closeAll();
  send({ done: { run: run.run, guest: number, ...how } });
}
