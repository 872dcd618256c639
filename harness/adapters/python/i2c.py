"""wasi:i2c@0.2.0-draft over message lists, as kernels take them."""

from board import Refused
from wasmtime.component import Variant

TEN, NO_START = 0x0010, 0x4000  # As in Linux's `struct i2c_msg`.

# How many bytes and operations one call may have, where the embedder does not say.
MOST_BYTES, MOST_OPERATIONS = 65536, 4096

# What the interface calls a driver's refusals; all others are `other`.
I2C_ERRORS = {
    "bus-error": Variant("bus"),
    "arbitration-lost": Variant("arbitration-loss"),
    "address-nack": Variant("no-acknowledge", "address"),
    "data-nack": Variant("no-acknowledge", "data"),
    "overrun": Variant("overrun"),
}


class Bus:
    def __init__(self, board, label, policy):
        self.board = board
        self.policy = policy
        self.handle = board.ask("i2c-open", bus=label)["handle"]

    def admits(self, address, operations):
        """Whether the embedder lets the guest do this, all of it."""

        def allows(direction):
            rules = self.policy.get("allow")
            return rules is None or any(
                rule["address"] == address and rule["access"] in (direction, "read-write") for rule in rules
            )

        # Python's numbers do not wrap, however long the reads are that a guest asks for.
        total = sum(step if isinstance(step, int) else len(step) for step in operations)
        directions = {"read" if isinstance(step, int) else "write" for step in operations}
        most = self.policy.get("most-bytes") or MOST_BYTES
        return len(operations) <= MOST_OPERATIONS and total <= most and all(map(allows, directions))

    def transaction(self, address, operations):
        """An operation is a number, the length of a read, or bytes, which are written."""
        if not operations:
            return []
        if address > 0x3FF or not self.admits(address, operations):
            return Variant("other")
        messages = []
        for n, step in enumerate(operations):
            # What fits into seven bits has seven. Neighbours of one direction are joined.
            flags = TEN if address > 0x7F else 0
            if n > 0 and type(operations[n - 1]) is type(step):
                flags |= NO_START
            message = {"address": address, "flags": flags}
            if isinstance(step, int):
                messages.append({"read": message | {"len": step}})
            else:
                messages.append({"write": message | {"bytes": step.hex()}})
        try:
            reads = self.board.ask("i2c-transfer", handle=self.handle, messages=messages)["reads"]
        except Refused as why:
            return I2C_ERRORS.get(why.code, Variant("other"))
        return [bytes.fromhex(read) for read in reads]

    def last_read(self, address, *operations):
        result = self.transaction(address, list(operations))
        return result[0] if isinstance(result, list) else result

    def write(self, address, data):
        result = self.transaction(address, [data])
        return None if isinstance(result, list) else result

    def close(self):
        self.board.ask("i2c-close", handle=self.handle)


class Delay:
    def close(self):
        pass


def define_i2c(root, host):
    with root.add_instance("wasi:i2c/i2c@0.2.0-draft") as instance:
        host.define(instance, "i2c")
        host.method(instance, "i2c", "transaction", Bus.transaction)
        host.method(instance, "i2c", "read", Bus.last_read)
        host.method(instance, "i2c", "write", Bus.write)
        host.method(instance, "i2c", "write-read", Bus.last_read)
    with root.add_instance("wasi:i2c/delay@0.2.0-draft") as instance:
        host.define(instance, "delay")
        host.method(instance, "delay", "delay-ns", lambda _delay, ns: host.board.pause(ns))
    with root.add_instance("wasi-hw:conformance/board-i2c@0.1.0") as instance:

        def open_bus(store, label):
            buses = host.config.get("i2c", {})
            if label not in buses:
                return f"no bus `{label}`"
            try:
                return host.give(store, "i2c", Bus(host.board, label, buses[label]))
            except Refused as why:
                return str(why)

        instance.add_func("open-bus", open_bus)
        instance.add_func("open-delay", lambda store: host.give(store, "delay", Delay()))
