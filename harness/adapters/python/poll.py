"""wasi:io/poll@0.2.4 over the one operation of the board that waits."""

from board import Refused, void
from wasmtime import WasmtimeError

# How many pollables may stand in one `poll`.
MOST_POLLED = 4096


class Watch:
    """Something that is waited for on a pin. What happened stays with it, so one that became ready stays so; where the
    pin goes first, it is ready."""

    def __init__(self, pin, wants, comes, fired=False):
        self.pin = pin
        self.wants = wants  # What its line is waited for, as the board's operation `wait` calls it.
        self.comes = comes  # Whether a sample is what is waited for.
        self.fired = fired
        pin.watches.append(self)

    def is_ready(self):
        if self.fired or self.pin.handle is None:
            return True
        if self.wants == "settled":
            self.fired = bool(self.pin.board.ask("wait", ns=0, on=[self.awaited()]).get("on"))
            return self.fired
        try:
            self.pin.take_events()
        except Refused:
            pass  # The line is lost, and every watch has been told.
        return self.fired

    def awaited(self):
        return {"handle": self.pin.handle, "for": self.wants}

    def close(self):
        self.pin.watches.remove(self)


def wait_for(board, watches):
    """Blocks until some are ready, and gives their places in the list."""
    while True:
        ready = [place for place, watch in enumerate(watches) if watch.is_ready()]
        if ready:
            return ready
        # Two watches of one line are one thing to wait for.
        wanted = {(watch.pin.handle, watch.wants): watch.awaited() for watch in watches}
        board.ask("wait", on=list(wanted.values()))


def define_poll(root, host):
    def poll(store, pollables):
        # An empty list could never become ready.
        if not 0 < len(pollables) <= MOST_POLLED:
            raise WasmtimeError(f"poll of {len(pollables)} pollables")
        return wait_for(host.board, [host.borrowed(store, pollable) for pollable in pollables])

    with root.add_instance("wasi:io/poll@0.2.4") as instance:
        host.define(instance, "pollable")
        host.method(instance, "pollable", "ready", Watch.is_ready)
        host.method(instance, "pollable", "block", lambda watch: void(wait_for(host.board, [watch])))
        instance.add_func("poll", poll)
