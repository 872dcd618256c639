// Reads the descriptors of a USB device (USB 2.0, section 9.6). The bytes come from the device and may be anything:
// what is whole counts, and reading stops where the bytes stop making sense. A descriptor without a head of its own
// gives nothing.

const DEVICE = 1;
const CONFIGURATION = 2;
const INTERFACE = 4;
const ENDPOINT = 5;

/** A device descriptor: its 18 bytes, of the right type. */
export function device(bytes) {
  if (bytes.length < 18 || bytes[0] !== 18 || bytes[1] !== DEVICE) return undefined;
  return {
    length: bytes[0],
    descriptorType: bytes[1],
    usbVersionBcd: word(bytes, 2),
    deviceClass: bytes[4],
    deviceSubclass: bytes[5],
    deviceProtocol: bytes[6],
    maxPacketSize0: bytes[7],
    vendorId: word(bytes, 8),
    productId: word(bytes, 10),
    deviceVersionBcd: word(bytes, 12),
    manufacturerIndex: bytes[14],
    productIndex: bytes[15],
    serialNumberIndex: bytes[16],
    numConfigurations: bytes[17],
  };
}

/** A configuration with everything in it: one entry for each alternate setting, those of one interface together.
 *  Descriptors of other types are passed over, and so are interfaces and endpoints that are shorter than the
 *  standard has them; the endpoints after such an interface belong to nobody. */
export function configuration(bytes) {
  if (bytes.length < 9 || bytes[0] < 9 || bytes[1] !== CONFIGURATION) return undefined;
  const totalLength = word(bytes, 2);
  const settings = [];
  let open = false;
  for (const part of split(bytes.subarray(bytes[0], totalLength))) {
    if (part[1] === INTERFACE) {
      open = part.length >= 9;
      if (open) settings.push(setting(part));
    } else if (part[1] === ENDPOINT && open && part.length >= 7) {
      settings.at(-1).endpoints.push(endpoint(part));
    }
  }
  return {
    length: bytes[0],
    descriptorType: bytes[1],
    totalLength,
    interfaces: byInterface(settings),
    configurationValue: bytes[5],
    configurationIndex: bytes[6],
    attributes: bytes[7],
    maxPower: bytes[8],
  };
}

/** Cuts bytes into descriptors by their lengths. Each has at least the two bytes of length and type. */
function* split(bytes) {
  for (let at = 0; bytes[at] >= 2 && at + bytes[at] <= bytes.length; at += bytes[at]) {
    yield bytes.subarray(at, at + bytes[at]);
  }
}

/** Puts the alternate settings of one interface together, where its first one stands. */
function byInterface(settings) {
  const groups = new Map();
  for (const setting of settings) {
    const group = groups.get(setting.interfaceNumber) ?? [];
    groups.set(setting.interfaceNumber, [...group, setting]);
  }
  return [...groups.values()].flat();
}

function setting(bytes) {
  return {
    length: bytes[0],
    descriptorType: bytes[1],
    interfaceNumber: bytes[2],
    alternateSetting: bytes[3],
    // bytes[4] is bNumEndpoints; the endpoints that follow are what there is.
    endpoints: [],
    interfaceClass: bytes[5],
    interfaceSubclass: bytes[6],
    interfaceProtocol: bytes[7],
    interfaceIndex: bytes[8],
  };
}

function endpoint(bytes) {
  return {
    length: bytes[0],
    descriptorType: bytes[1],
    endpointAddress: bytes[2],
    attributes: bytes[3],
    maxPacketSize: word(bytes, 4),
    interval: bytes[6],
    // Only those of audio class 1 have the last two.
    refresh: bytes[7] ?? 0,
    synchAddress: bytes[8] ?? 0,
  };
}

/** Two bytes of a descriptor, low byte first. */
function word(bytes, at) {
  return bytes[at] | (bytes[at + 1] << 8);
}
