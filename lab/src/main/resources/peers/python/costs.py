"""costs CREATE SWITCH TRIPS KEEP: what a thread takes to create, to switch to, for a round trip, and in memory."""
import os
import queue
import sys
import threading
import time

import peer

create, switches, trips, keep = map(int, sys.argv[1:5])


def rss():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def timed(threads):
    start = time.monotonic_ns()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic_ns() - start


def yielding():
    for _ in range(switches):
        time.sleep(0)  # drops the global lock, and takes it again


def echo(there, back):
    for _ in range(trips):
        back.put(there.get())


def ask(there, back):
    for trip in range(trips):
        there.put(trip)
        back.get()


begin = time.monotonic_ns()
created = timed([threading.Thread(target=int) for _ in range(create)]) // create
cpus = os.sched_getaffinity(0)
os.sched_setaffinity(0, {min(cpus)})
switched = timed([threading.Thread(target=yielding) for _ in range(2)]) // (2 * switches)
os.sched_setaffinity(0, cpus)
there, back = queue.SimpleQueue(), queue.SimpleQueue()
trip = timed([threading.Thread(target=target, args=(there, back)) for target in (echo, ask)]) // trips

over, ready = threading.Event(), queue.SimpleQueue()


def wait():
    ready.put(1)
    over.wait()


before = rss()
waiting = [threading.Thread(target=wait) for _ in range(keep)]
for thread in waiting:
    thread.start()
for _ in waiting:
    ready.get()
memory = max(0, rss() - before) // keep
over.set()
for thread in waiting:
    thread.join()
facts = {"create": created, "switch": switched, "round trip": trip, "memory": memory}
peer.report(time.monotonic_ns() - begin, **facts)
