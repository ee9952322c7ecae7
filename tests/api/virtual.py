"""A server whose time passes on order only, as `anxin sim` runs it: the socket of the orders is inherited, it has no name."""
import socket
import subprocess

from server import Company, Server, binary


def bare_company(engine, folder, at):
    """The demo company without customers, loaded at that time."""
    company = Company.empty(engine, folder)
    said = subprocess.run([binary(), "demo", *company.options(), "--virtual-clock", str(at), "bare"],
                          check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    company.accounts = [tuple(line.split()[:2]) for line in said.stdout.splitlines()]
    return company


class VirtualServer(Server):
    def __init__(self, company, at, **more):
        self.orders, theirs = socket.socketpair()
        self.now = at
        super().__init__(company, options=("--virtual-clock", str(at), "--clock-orders", str(theirs.fileno()), "--set", "backup.keep=0"), **more)
        self.inherit = (theirs.fileno(),)
        self.theirs = theirs

    def start(self):
        super().start()
        self.theirs.close()
        self.answers_of_clock = self.orders.makefile("r")
        return self

    def order(self, line):
        self.orders.sendall(line.encode() + b"\n")
        return self.answers_of_clock.readline().strip()

    def advance(self, ms):
        self.now += ms
        assert self.order(f"advance {self.now}") == f"at {self.now}"

    def stop(self):
        super().stop()
        self.answers_of_clock.close()
        self.orders.close()
