// wasi:gpio@0.2.0 over requests for lines, as the kernel's character device takes them.

import { Refused } from './board.mjs';
import { Line } from './gpio-line.mjs';
import { Pollable } from './poll.mjs';

/** What a guest imports, but for wasi:io/poll. */
export function gpio(board, pins = {}) {
  const open = (Kind, mode) => (label) => new Kind(acquire(board, pins, label, mode));
  const pause = (unit) => (length) => {
    if (length > 0) board.pause(length * unit);
  };
  return {
    'wasi:gpio/general': {},
    'wasi:gpio/digital': { DigitalOutPin, DigitalInPin, DigitalInOutPin },
    'wasi:gpio/analog': { AnalogOutPin, AnalogInPin, AnalogInOutPin },
    'wasi:gpio/delay': { delayNs: pause(1), delayUs: pause(1_000), delayMs: pause(1_000_000) },
    'wasi-hw:conformance/board-gpio': {
      openDigitalOut: open(DigitalOutPin, 'digital-out'),
      openDigitalIn: open(DigitalInPin, 'digital-in'),
      openDigitalInOut: open(DigitalInOutPin, 'digital-in-out'),
      openAnalogOut: open(AnalogOutPin, 'analog-out'),
      openAnalogIn: open(AnalogInPin, 'analog-in'),
      openAnalogInOut: open(AnalogInOutPin, 'analog-in-out'),
    },
  };
}

/** What a pin of this mode under this label consists of. What is wrong is looked for in the order label, policy on
 *  the pin, policy on the mode, hardware, use. */
function acquire(board, pins, label, mode) {
  if (!Object.hasOwn(pins, label)) throw { tag: 'undefined-pin-label' };
  const { line, active, pull, allow, 'open-drain': openDrain } = pins[label];
  if (allow?.length === 0) throw { tag: 'pin-not-allowed' };
  if (allow && !allow.includes(mode)) throw { tag: 'pin-mode-not-allowed' };
  const [kind, direction] = /^(digital|analog)-(.*)$/.exec(mode).slice(1);
  const activeLow = active === 'low';
  const request = {
    analog: kind === 'analog',
    direction,
    pull: pull ?? undefined,
    'open-drain': openDrain,
    // An output begins inactive, and without a glitch. A pin for both directions is not driven before the guest
    // says so.
    drive: direction === 'out' ? { level: activeLow ? 'high' : 'low' } : undefined,
    edges: direction === 'out' ? 'none' : 'both',
  };
  const ask = (edges) =>
    board.open('gpio-request', { line: line ?? label, request: { ...request, edges } }, 'gpio-release');
  const made = (driver, edges) => ({ board, driver, label, direction, activeLow, pull, edges: edges !== 'none' });
  try {
    return made(ask(request.edges), request.edges);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code !== 'unsupported' || request.edges === 'none') throw acquisitionError(error);
  }
  // Perhaps the hardware can do all but tell of changes.
  try {
    return made(ask('none'), 'none');
  } catch (error) {
    throw error instanceof Refused ? acquisitionError(error) : error;
  }
}

/** What every pin has. */
class Pin {
  #board;
  #label;
  #direction;
  #edges;

  constructor({ board, driver, label, direction, activeLow, edges }) {
    this.#board = board;
    this.#label = label;
    this.#direction = direction;
    this.#edges = edges;
    this.activeLow = activeLow;
    this.line = new Line(board, driver);
  }

  getConfig() {
    return { label: this.#label, pinMode: this.#direction };
  }

  watchForReady() {
    return new Pollable(this.#board, this.line.watchSettled());
  }

  /** Asks something of the line; the interface has its own errors. */
  ask(name, fields) {
    return told(() => this.line.ask(name, fields));
  }

  /** A pollable for the line coming to fit: `has` says it of what the line has now, `comes` of a change. */
  watch(has, comes) {
    if (!this.#edges) throw { tag: 'operation-not-supported' };
    return told(() => new Pollable(this.#board, this.line.watch(has, comes)));
  }

  /** The line is released when the handle goes, whatever still waits for it. */
  [Symbol.dispose]() {
    this.line.release();
  }
}

class DigitalPin extends Pin {
  #pull;

  constructor(made) {
    super(made);
    this.#pull = made.pull;
  }

  getConfig() {
    return {
      ...super.getConfig(),
      activeLevel: this.activeLow ? 'active-low' : 'active-high',
      pullResistor: this.#pull ? `pull-${this.#pull}` : undefined,
    };
  }

  level(state) {
    return (state === 'active') !== this.activeLow ? 'high' : 'low';
  }
}

const drives = (Base) =>
  class extends Base {
    /** What the pin last drove, whatever the line really had. */
    #driven = 'inactive';

    setState(state) {
      this.ask('gpio-set', { to: { level: this.level(state) } });
      this.#driven = state;
    }

    setActive() {
      this.setState('active');
    }

    setInactive() {
      this.setState('inactive');
    }

    toggle() {
      this.setState(this.#driven === 'active' ? 'inactive' : 'active');
    }
  };

const reads = (Base) =>
  class extends Base {
    read() {
      const { level } = this.ask('gpio-get').sample;
      return level === this.level('active') ? 'active' : 'inactive';
    }

    isActive() {
      return this.read() === 'active';
    }

    isInactive() {
      return this.read() === 'inactive';
    }

    watchState(state) {
      const has = ({ level }) => level === this.level(state);
      return this.watch(has, has);
    }

    watchActive() {
      return this.watchState('active');
    }

    watchInactive() {
      return this.watchState('inactive');
    }

    watchFallingEdge() {
      return this.#watchEdge('inactive');
    }

    watchRisingEdge() {
      return this.#watchEdge('active');
    }

    #watchEdge(state) {
      return this.watch(undefined, ({ level }) => level === this.level(state));
    }
  };

class DigitalOutPin extends drives(DigitalPin) {}
class DigitalInPin extends reads(DigitalPin) {}
class DigitalInOutPin extends reads(drives(DigitalPin)) {}

class AnalogPin extends Pin {
  /** The greatest raw value. */
  get greatest() {
    return Math.max(this.line.opened.greatest, 1);
  }

  /** Steps from one end of the scale as steps from the other, on an active-low pin. */
  turned(value) {
    return this.activeLow ? this.greatest - value : value;
  }
}

const setsValues = (Base) =>
  class extends Base {
    setValueRaw(value) {
      this.ask('gpio-set', { to: { value: this.turned(Math.min(value, this.greatest)) } });
    }

    setValue(value) {
      if (Number.isNaN(value)) throw other('a NaN is no value');
      this.setValueRaw(Math.round(Math.min(Math.max(value, 0), 1) * this.greatest));
    }
  };

const readsValues = (Base) =>
  class extends Base {
    readRaw() {
      const { value } = this.ask('gpio-get').sample;
      return this.turned(Math.min(value, this.greatest));
    }

    read() {
      return this.readRaw() / this.greatest;
    }

    watchAboveRaw(value) {
      // Nothing is above the end of the scale, so being there is what is meant.
      const fits =
        value >= this.greatest ? (steps) => steps >= this.greatest : (steps) => steps > value;
      return this.#watchSteps(fits);
    }

    watchAbove(value) {
      return this.watchAboveRaw(this.#threshold(value));
    }

    watchBelowRaw(value) {
      return this.#watchSteps((steps) => steps < value);
    }

    watchBelow(value) {
      return this.watchBelowRaw(this.#threshold(value));
    }

    #watchSteps(fits) {
      const has = ({ value }) => fits(this.turned(value));
      return this.watch(has, has);
    }

    /** A place on the scale, perhaps between two steps. */
    #threshold(value) {
      if (!(value >= 0 && value <= 1)) throw other(`a threshold lies from 0 to 1: ${value}`);
      return value * this.greatest;
    }
  };

class AnalogOutPin extends setsValues(AnalogPin) {}
class AnalogInPin extends readsValues(AnalogPin) {}
class AnalogInOutPin extends readsValues(setsValues(AnalogPin)) {}

/** Runs something, with a driver's refusal as the interface's error. */
function told(run) {
  try {
    return run();
  } catch (error) {
    throw error instanceof Refused ? callError(error) : error;
  }
}

/** Why a call on a pin failed. */
function callError({ code, message }) {
  switch (code) {
    case 'gone':
    case 'io':
    case 'timeout':
      return { tag: 'hardware-fault' };
    case 'unsupported':
      return { tag: 'operation-not-supported' };
    case 'busy':
      return { tag: 'already-in-use' };
    default:
      return other(message);
  }
}

/** Why a pin cannot be had. */
function acquisitionError(error) {
  switch (error.code) {
    case 'unsupported':
      return { tag: 'pin-mode-not-available' };
    case 'denied':
      return { tag: 'pin-not-allowed' };
    default:
      return callError(error);
  }
}

const other = (text) => ({ tag: 'other', val: text });
