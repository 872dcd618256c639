// wasi:usb@0.2.1 over devices with raw descriptors, and transfers that are submitted and reaped, as usbfs and libusb
// offer them. What the policy does not allow does not exist for the guest.

import { unhex } from './board.mjs';
import * as descriptors from './usb-descriptors.mjs';
import { Open, told } from './usb-open.mjs';
import { Transfer } from './usb-transfer.mjs';

/** The limits, where the embedder does not say: of one transfer, and of those in flight together. */
const MOST_BYTES = 1 << 20;
const MOST_PACKETS = 1024;
const MOST_IN_FLIGHT = 16 << 20;

/** What a guest imports. */
export function usb(board, config = {}) {
  const host = new Host(board, config);
  return {
    'wasi:usb/errors': {},
    'wasi:usb/configuration': {},
    'wasi:usb/descriptors': {},
    'wasi:usb/device': {
      UsbDevice,
      DeviceHandle,
      // There is nothing to prepare that the embedder has not prepared.
      init() {},
      listDevices: () => host.list(),
    },
    'wasi:usb/transfers': {
      Transfer,
      awaitTransfer: (transfer) => transfer.finish(),
    },
    'wasi:usb/hotplug': {
      enableHotplug: () => host.watch(),
      pollEvents: () => host.events(),
    },
  };
}

/** The USB devices of one guest. */
class Host {
  #allow;
  #watching = false;

  constructor(board, config) {
    this.board = board;
    this.keepKernelDrivers = config['keep-kernel-drivers'] ?? false;
    this.limits = {
      mostBytes: config['most-bytes'] ?? MOST_BYTES,
      mostPackets: config['most-packets'] ?? MOST_PACKETS,
      mostInFlight: MOST_IN_FLIGHT,
      inFlight: 0,
    };
    this.#allow = config.allow ?? [{}];
  }

  /** The devices that are there, as the system knows them. */
  devices() {
    return told(() => this.board.ask('usb-devices').devices);
  }

  list() {
    return this.#admitted(this.devices()).map(({ raw, device, described }) => {
      const speed = raw.speed === 'super-plus-x2' ? 'super-plus-X2' : raw.speed;
      const location = { busNumber: raw.bus, deviceAddress: raw.address, portNumber: raw.port, speed };
      return [device, described, location];
    });
  }

  watch() {
    if (this.#watching) return;
    told(() => this.board.ask('usb-watch'));
    this.#watching = true;
  }

  events() {
    if (!this.#watching) return [];
    const { events } = this.board.ask('usb-events');
    return events.flatMap((event) => {
      const [[what, raw]] = Object.entries(event);
      return this.#admitted([raw]).map(({ device, described }) => {
        const info = { bus: raw.bus, address: raw.address, vendor: described.vendorId, product: described.productId };
        return [{ arrived: what === 'arrived', left: what === 'left' }, info, device];
      });
    });
  }

  /** Those that the guest may see. One without a descriptor cannot be seen: nobody could say whether it is allowed. */
  #admitted(devices) {
    const fits = (rule, id) => (rule ?? id) === id;
    return devices.flatMap((raw) => {
      const described = descriptors.device(unhex(raw.descriptor));
      const allows = ({ vendor, product }) => fits(vendor, described.vendorId) && fits(product, described.productId);
      return described && this.#allow.some(allows) ? [{ raw, described, device: new UsbDevice(this, raw) }] : [];
    });
  }
}

class UsbDevice {
  #host;
  #number;
  #speed;
  #configurations;

  constructor(host, { device, speed, configurations }) {
    this.#host = host;
    this.#number = device;
    this.#speed = speed;
    this.#configurations = configurations.map((bytes) => descriptors.configuration(unhex(bytes)));
  }

  open() {
    const { board, keepKernelDrivers } = this.#host;
    const driver = told(() => board.open('usb-open', { device: this.#number }, 'usb-close'));
    const device = { speed: this.#speed, configurations: this.#configurations };
    return new DeviceHandle(this.#host, new Open(board, driver, device, keepKernelDrivers));
  }

  getConfigurationDescriptor(index) {
    if (index >= this.#configurations.length) throw 'not-found';
    const configuration = this.#configurations[index];
    // The device sent something else in its place.
    if (!configuration) throw 'io';
    return configuration;
  }

  getConfigurationDescriptorByValue(value) {
    const configuration = this.#configurations.find((one) => one?.configurationValue === value);
    if (!configuration) throw 'not-found';
    return configuration;
  }

  getActiveConfigurationDescriptor() {
    const now = this.#host.devices().find(({ device }) => device === this.#number);
    if (!now) throw 'no-device';
    if (now.active === 0) throw 'not-found';
    return this.getConfigurationDescriptorByValue(now.active);
  }

  [Symbol.dispose]() {}
}

class DeviceHandle {
  #host;
  #open;

  constructor(host, open) {
    this.#host = host;
    this.#open = open;
  }

  getConfiguration() {
    return this.#open.configuration();
  }

  setConfiguration({ tag, val }) {
    this.#open.setConfiguration(tag === 'value' ? val : null);
  }

  claimInterface(number) {
    this.#open.claim(number);
  }

  releaseInterface(number) {
    this.#open.release(number);
  }

  setInterfaceAltsetting(number, alternate) {
    this.#open.setAlternate(number, alternate);
  }

  clearHalt(endpoint) {
    this.#open.clearHalt(endpoint);
  }

  resetDevice() {
    this.#open.reset();
  }

  allocStreams(count, endpoints) {
    this.#open.allocStreams(count, endpoints);
  }

  freeStreams(endpoints) {
    this.#open.freeStreams(endpoints);
  }

  kernelDriverActive(number) {
    return this.#open.kernelDriver(number);
  }

  detachKernelDriver(number) {
    this.#open.detach(number);
  }

  attachKernelDriver(number) {
    this.#open.attach(number);
  }

  newTransfer(kind, setup, size, { endpoint, timeoutMs, streamId, isoPackets }) {
    if (this.#open.isClosed) throw 'no-device';
    const request = { kind, setup, size, endpoint, timeoutMs, stream: streamId, packets: isoPackets };
    return new Transfer(this.#host.board, this.#open, this.#host.limits, request);
  }

  close() {
    this.#open.close();
  }

  [Symbol.dispose]() {
    this.#open.close();
  }
}
