// Messages as lines of JSON, one way and the other. Standard output belongs to them alone.

import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';

const STDOUT = 1;
const STDERR = 2;

/** Calls `message` with each message that comes on a stream, and resolves at its end. */
export async function lines(stream, message) {
  let parts = [];
  for await (const chunk of stream) {
    let from = 0;
    for (let end; (end = chunk.indexOf(10, from)) >= 0; from = end + 1) {
      parts.push(chunk.subarray(from, end));
      message(JSON.parse(Buffer.concat(parts).toString()));
      parts = [];
    }
    parts.push(chunk.subarray(from));
  }
}

/** Sends a message. Blocks until the pipe has taken all of it. */
export function send(message) {
  write(STDOUT, JSON.stringify(message) + '\n');
}

/** Whatever this thread prints goes to the standard error stream, and at once: a thread that blocks in a guest's
 *  call has no event loop that could write it later. */
export function keepOutputClean() {
  const stderr = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      write(STDERR, text);
      done();
    },
  });
  globalThis.console = new Console(stderr);
  process.stdout.write = (text) => stderr.write(text);
}

function write(to, text) {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(to, bytes));
    } catch (error) {
      // A pipe that is full, and that the other side has made non-blocking.
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
