"""wasi:gpio@0.2.0 over requests for lines, as the kernel's character device takes them."""

import math

from board import Refused
from poll import Watch
from wasmtime import WasmtimeError
from wasmtime.component import Record, Variant

# How many watches a guest may have on one pin at a time.
MOST_WATCHES = 256


def call_error(why):
    """Why a call on a pin failed."""
    names = {
        "gone": "hardware-fault",
        "io": "hardware-fault",
        "timeout": "hardware-fault",
        "unsupported": "operation-not-supported",
        "busy": "already-in-use",
    }
    return Variant(names[why.code]) if why.code in names else Variant("other", str(why))


def acquisition_error(why):
    """Why a pin cannot be had."""
    names = {"unsupported": "pin-mode-not-available", "denied": "pin-not-allowed"}
    return Variant(names[why.code]) if why.code in names else call_error(why)


def told(method):
    """A method whose driver's refusals are errors of the interface."""

    def call(*arguments, **named):
        try:
            return method(*arguments, **named)
        except Refused as why:
            return call_error(why)

    return call


class Pin:
    """A digital or analog pin. Levels are physical, states and steps are logical."""

    def __init__(self, host, label, settings, kind, direction):
        self.host, self.board = host, host.board
        self.label, self.direction = label, direction
        self.is_low = settings.get("active") == "low"
        self.pull = settings.get("pull")
        self.watches = []
        self.driven = "inactive"  # What was driven last, whatever the line really had.
        request = {
            "analog": kind == "analog",
            "direction": direction,
            "open-drain": settings.get("open-drain", False),
        }
        if self.pull:
            request["pull"] = self.pull
        if direction == "out":
            # An output begins inactive, and without a glitch; a pin for both is not driven before the guest says so.
            request["drive"] = {"level": self.level("inactive")}
        self.has_edges = direction != "out"
        line = settings.get("line") or label
        try:
            opened = self.board.ask("gpio-request", line=line, request=request | self.edges())
        except Refused as why:
            if why.code != "unsupported" or not self.has_edges:
                raise
            self.has_edges = False  # Perhaps the hardware can do all but tell of changes.
            opened = self.board.ask("gpio-request", line=line, request=request | self.edges())
        self.handle = opened["handle"]
        self.greatest = max(opened["greatest"], 1)

    def edges(self):
        return {"edges": "both" if self.has_edges else "none"}

    def level(self, state):
        return "high" if (state == "active") != self.is_low else "low"

    def turned(self, value):
        """Steps from one end of the scale as steps from the other, on an active-low pin."""
        inside = min(value, self.greatest)
        return self.greatest - inside if self.is_low else inside

    def sample(self):
        return self.board.ask("gpio-get", handle=self.handle)["sample"]

    def close(self):
        handle, self.handle = self.handle, None
        self.board.ask("gpio-release", handle=handle)

    # What every pin has.

    def digital_config(self):
        config = self.analog_config()
        vars(config)["active-level"] = "active-low" if self.is_low else "active-high"
        vars(config)["pull-resistor"] = f"pull-{self.pull}" if self.pull else None
        return config

    def analog_config(self):
        config = Record()
        vars(config).update({"label": self.label, "pin-mode": self.direction})
        return config

    def take_events(self):
        """Tells every watch what happened on the line since this was last done."""
        while True:
            try:
                event = self.board.ask("gpio-event", handle=self.handle)["event"]
            except Refused:
                # A line that is lost is an error to come, and an error counts as ready.
                for watch in self.watches:
                    watch.fired = True
                raise
            if event is None:
                return
            for watch in self.watches:
                watch.fired = watch.fired or watch.comes(event["now"])

    def watch(self, comes, is_edge=False):
        """What happened before does not count for it; what the line has now does, but for an edge."""
        if not self.has_edges:
            return Variant("operation-not-supported")
        if len(self.watches) >= MOST_WATCHES:
            return Variant("other", f"more than {MOST_WATCHES} watches on one pin")
        self.take_events()
        return Watch(self, "event", comes, fired=not is_edge and comes(self.sample()))

    # Digital pins.

    @told
    def set_state(self, state):
        self.board.ask("gpio-set", handle=self.handle, to={"level": self.level(state)})
        self.driven = state

    def toggle(self):
        return self.set_state("inactive" if self.driven == "active" else "active")

    @told
    def read_state(self):
        return "active" if self.sample()["level"] == self.level("active") else "inactive"

    def is_state(self, state):
        read = self.read_state()
        return read == state if isinstance(read, str) else read

    @told
    def watch_state(self, state, is_edge=False):
        return self.watch(lambda sample: sample["level"] == self.level(state), is_edge)

    # Analog pins.

    @told
    def set_steps(self, steps):
        self.board.ask("gpio-set", handle=self.handle, to={"value": self.turned(steps)})

    def set_fraction(self, value):
        if math.isnan(value):
            return Variant("other", "a NaN is no value")
        return self.set_steps(math.floor(min(max(value, 0), 1) * self.greatest + 0.5))

    @told
    def read_steps(self):
        return self.turned(self.sample()["value"])

    def read_fraction(self):
        steps = self.read_steps()
        return steps / self.greatest if isinstance(steps, int) else steps

    @told
    def watch_steps(self, is_above, threshold):
        def fits(sample):
            steps = self.turned(sample["value"])
            if not is_above:
                return steps < threshold
            # Nothing is above the end of the scale, so being there is what is meant.
            return steps >= self.greatest if threshold >= self.greatest else steps > threshold

        return self.watch(fits)

    def watch_fraction(self, is_above, value):
        if not 0 <= value <= 1:
            return Variant("other", f"a threshold lies from 0 to 1: {value}")
        return self.watch_steps(is_above, value * self.greatest)


def define_pin(instance, host, kind, direction):
    name = f"{kind}-{direction}-pin"
    host.define(instance, name)

    def method(named, function):
        host.method(instance, name, named, function)

    def watching(named, function):
        """A method that gives a pollable, or an error."""

        def call(store, this, *arguments):
            watch = function(host.borrowed(store, this), *arguments)
            return host.give(store, "pollable", watch) if isinstance(watch, Watch) else watch

        instance.add_func(f"[method]{name}.{named}", call)

    method("get-config", Pin.digital_config if kind == "digital" else Pin.analog_config)
    watching("watch-for-ready", settling)
    if kind == "digital" and direction != "in":
        method("set-state", Pin.set_state)
        method("set-active", lambda pin: pin.set_state("active"))
        method("set-inactive", lambda pin: pin.set_state("inactive"))
        method("toggle", Pin.toggle)
    if kind == "digital" and direction != "out":
        method("read", Pin.read_state)
        method("is-active", lambda pin: pin.is_state("active"))
        method("is-inactive", lambda pin: pin.is_state("inactive"))
        watching("watch-state", Pin.watch_state)
        watching("watch-active", lambda pin: pin.watch_state("active"))
        watching("watch-inactive", lambda pin: pin.watch_state("inactive"))
        watching("watch-rising-edge", lambda pin: pin.watch_state("active", is_edge=True))
        watching("watch-falling-edge", lambda pin: pin.watch_state("inactive", is_edge=True))
    if kind == "analog" and direction != "in":
        method("set-value-raw", Pin.set_steps)
        method("set-value", Pin.set_fraction)
    if kind == "analog" and direction != "out":
        method("read-raw", Pin.read_steps)
        method("read", Pin.read_fraction)
        watching("watch-above-raw", lambda pin, steps: pin.watch_steps(True, steps))
        watching("watch-below-raw", lambda pin, steps: pin.watch_steps(False, steps))
        watching("watch-above", lambda pin, value: pin.watch_fraction(True, value))
        watching("watch-below", lambda pin, value: pin.watch_fraction(False, value))


def settling(pin):
    """`watch-for-ready` has no error to give."""
    if len(pin.watches) >= MOST_WATCHES:
        raise WasmtimeError(f"more than {MOST_WATCHES} watches on one pin")
    return Watch(pin, "settled", lambda _sample: False)


def define_gpio(root, host):
    root.add_instance("wasi:gpio/general@0.2.0").close()
    for kind in ("digital", "analog"):
        with root.add_instance(f"wasi:gpio/{kind}@0.2.0") as instance:
            for direction in ("out", "in", "in-out"):
                define_pin(instance, host, kind, direction)
    with root.add_instance("wasi:gpio/delay@0.2.0") as instance:
        for unit, ns in (("ns", 1), ("us", 1_000), ("ms", 1_000_000)):
            instance.add_func(f"delay-{unit}", lambda _store, length, ns=ns: host.board.pause(length * ns))
    with root.add_instance("wasi-hw:conformance/board-gpio@0.1.0") as instance:
        for kind in ("digital", "analog"):
            for direction in ("out", "in", "in-out"):
                instance.add_func(f"open-{kind}-{direction}", opener(host, kind, direction))


def opener(host, kind, direction):
    """What is wrong is looked for in the order label, policy on the pin, policy on the mode, hardware, use."""

    def open_pin(store, label):
        settings = host.config.get("gpio", {}).get(label)
        if settings is None:
            return Variant("undefined-pin-label")
        allow = settings.get("allow")
        if allow is not None and f"{kind}-{direction}" not in allow:
            return Variant("pin-mode-not-allowed" if allow else "pin-not-allowed")
        try:
            return host.give(store, f"{kind}-{direction}-pin", Pin(host, label, settings, kind, direction))
        except Refused as why:
            return acquisition_error(why)

    return open_pin
