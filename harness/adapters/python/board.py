"""The board as one guest's thread sees it through the harness, and what the guest holds."""

import json
import os
import queue

from wasmtime.component import ResourceHost, ResourceType

# The standard output belongs to the protocol: whatever else prints goes to the standard error.
OUTPUT = os.fdopen(os.dup(1), "wb", buffering=0)
os.dup2(2, 1)


def send(message):
    """Sends a message, at once and in one piece."""
    line = memoryview(json.dumps(message).encode() + b"\n")
    while line:
        line = line[OUTPUT.write(line) :]


class Refused(Exception):
    """A driver's error: `code` is what a host maps to an error of its own, the text is for people."""

    def __init__(self, code, why):
        super().__init__(why)
        self.code = code


class Dead(Exception):
    """Nothing can happen any more. Raised through the guest, to end it."""


class Board:
    """The board as one guest's thread sees it through the harness."""

    def __init__(self, guest):
        self.guest = guest
        self.mail = queue.SimpleQueue()

    def ask(self, operation, **fields):
        send({"ask": {"guest": self.guest, "op": {operation: fields}}})
        answer = self.mail.get()
        if "refused" in answer:
            raise Refused(answer["refused"]["code"], answer["refused"]["why"])
        if "dead" in answer:
            raise Dead("nothing can happen any more")
        return answer["ok"]

    def pause(self, ns):
        """Lets time pass; 0 asks for none."""
        if ns > 0:
            self.ask("wait", ns=ns)


class Host:
    """What one guest holds, and what the embedder configured for it."""

    # The types of resources are told apart by numbers.
    TYPES = ["i2c", "delay", "pollable"] + [
        f"{kind}-{direction}-pin" for kind in ("digital", "analog") for direction in ("out", "in", "in-out")
    ]

    def __init__(self, board, config):
        self.board = board
        self.config = config
        self.held = {}
        self.next = 1

    def give(self, store, kind, resource):
        """A resource as the guest gets it."""
        number, self.next = self.next, self.next + 1
        self.held[number] = resource
        return ResourceHost.own(number, self.TYPES.index(kind))

    def borrowed(self, store, resource):
        """What a guest means by a handle. `to_host` also ends the borrow, which must be done exactly once."""
        return self.held[resource.to_host(store).rep]

    def define(self, instance, kind):
        """Defines a resource, whose destructor is `close` of what the guest held."""
        close = lambda _store, number: self.held.pop(number).close()
        instance.add_resource(kind, ResourceType.host(self.TYPES.index(kind)), close)

    def method(self, instance, kind, name, function):
        """Defines a method; `function` gets the resource and the arguments."""

        def call(store, this, *arguments):
            return function(self.borrowed(store, this), *arguments)

        instance.add_func(f"[method]{kind}.{name}", call)

    def end(self):
        """The host ends: lets go of what the guest still holds, newest first, as when a store is dropped."""
        for number in sorted(self.held, reverse=True):
            try:
                self.held[number].close()
            except (Refused, Dead):
                pass  # Nobody is left who could be told.


def void(_value):
    """For functions that give nothing."""
