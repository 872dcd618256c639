// An adapter of the conformance suite: talks to the harness, and has guests run.
//
// This thread reads what the harness says and hands it on; it never waits for a guest. Each guest has a thread
// of its own (guest.mjs), because it blocks in the middle of a call until the board has answered. What a guest
// asks, its thread writes to the standard output itself: the harness has only one of them run at a time.

import { readFile } from 'node:fs/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import { jco, transpiled } from './components.mjs';
import { keepOutputClean, lines, send } from './lines.mjs';

keepOutputClean();

const { version } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'));

const STARTED = {
  protocol: '1.3.0',
  // Bun and Deno run this adapter as it is.
  name: process.versions.bun ? 'bun' : process.versions.deno ? 'deno' : 'node',
  version: `${version}+jco-transpile.${jco}`,
  packages: ['wasi:i2c@0.2.0-draft', 'wasi:spi@0.2.0-draft', 'wasi:gpio@0.2.0', 'wasi:usb@0.2.1'],
  features: { instances: true, load: true },
};

/** The threads of the guests, by the guests' numbers; they are used again in later runs. */
const guests = [];

/** The thread of a guest, which is started when it is first needed. */
function guest(number) {
  guests[number] ??= startGuest(number);
  return guests[number];
}

function startGuest(number) {
  const { port1: ours, port2: theirs } = new MessageChannel();
  // Counts what was handed to the thread, which sleeps on it.
  const handed = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('guest.mjs', import.meta.url), {
    workerData: { number, port: theirs, handed },
    transferList: [theirs],
    // Not piped to ours, which is the protocol's.
    stdout: true,
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error(`the thread of guest ${number} ended`)));
  const hand = (message) => {
    ours.postMessage(message);
    Atomics.add(handed, 0, 1);
    Atomics.notify(handed, 0);
  };
  return { hand, isReady: () => new Promise((ready) => worker.once('message', ready)) };
}

/** Has the guests of a run made, each in its thread. None begins before all are there: once the
 *  harness has spoken to a guest, it waits ten seconds for a word of it. */
async function run(message) {
  const { component, tests } = message;
  // Transpiled at `load`, and found again.
  const made = STARTED.packages.includes(component.package)
    ? { folder: await transpiled(component) }
    : { lacks: component.package };
  await Promise.all(
    tests.map((test, number) => {
      const { hand, isReady } = guest(number);
      const ready = isReady();
      hand({ run: { ...message, ...made, test } });
      return ready;
    }),
  );
  if (tests.length === 1) guest(0).hand({ go: {} });
}

/** One after the other: what comes while a run is being made waits for it. */
let before = Promise.resolve();

function take(message) {
  before = before.then(() => serve(message)).catch(fail);
}

async function serve(message) {
  const [[kind, body]] = Object.entries(message);
  switch (kind) {
    case 'start':
      return send({ started: STARTED });
    case 'load':
      await transpiled(body.component);
      return send({ loaded: { sha256: body.component.sha256 } });
    case 'run':
      return run(body);
    case 'go':
    case 'answer':
      return guest(body.guest ?? 0).hand(message);
    case 'sync':
      return send({ synced: body });
    case 'stop':
      return process.exit(0);
    default:
      throw new Error(`the harness says \`${kind}\`, which protocol ${STARTED.protocol} does not have`);
  }
}

/** Nothing that fails here is a fault of a guest, so the process ends: the harness then starts a fresh one. */
function fail(error) {
  console.error(error);
  process.exit(1);
}

await lines(process.stdin, take).catch(fail);
process.exit(0);
