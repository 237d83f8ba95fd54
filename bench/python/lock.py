#!/usr/bin/env python3
"""The shapes of `bench/run lock` on CPython, whose global interpreter lock Heddle's global lock is like: lock.py SHAPE.

Prints the number. Each function does what its namesake in Locks.java does, with threads and, for `processes`, processes.
"""

import multiprocessing
import os
import statistics
import struct
import sys
import threading
import time

INTERVAL = 0.005
ROUNDS = 3


def work(steps):
    x = 1
    for _ in range(steps):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
    return x


def steps_for(seconds):
    start = time.perf_counter()
    work(200_000)
    return int(200_000 * seconds / (time.perf_counter() - start))


def run_all(makers):
    start = time.perf_counter()
    for task in makers:
        task.start()
    for task in makers:
        task.join()
    return time.perf_counter() - start


def ratio(make):
    """How many times as long as one two take."""
    steps = steps_for(0.15)
    return statistics.median(
        run_all([make(steps) for _ in range(2)]) / run_all([make(steps)]) for _ in range(ROUNDS)
    )


def cpu():
    return ratio(lambda steps: threading.Thread(target=work, args=(steps,)))


def processes():
    return 2 / ratio(lambda steps: multiprocessing.Process(target=work, args=(4 * steps,)))


def waits():
    times = [
        run_all([threading.Thread(target=time.sleep, args=(0.1,)) for _ in range(50)]) for _ in range(ROUNDS)
    ]
    return statistics.median(times) * 1e3


def slices(millis):
    sys.setswitchinterval(millis / 1e3)
    last = None
    switches = []
    end = time.perf_counter() + 0.8

    def alternate(me):
        nonlocal last
        while True:
            now = time.perf_counter()
            if now > end:
                return
            if last != me:
                last = me
                switches.append(now)

    run_all([threading.Thread(target=alternate, args=(i,)) for i in range(2)])
    return statistics.median(b - a for a, b in zip(switches, switches[1:])) * 1e3 / millis


def convoy():
    """How many intervals a thread that is woken by a message waits beside one that computes, at the median."""
    reader, writer = os.pipe()
    if os.fork() == 0:  # whoever writes must not need the lock
        for _ in range(40):
            time.sleep(0.02)
            os.write(writer, struct.pack("q", time.monotonic_ns()))
        os._exit(0)
    done = False
    waited = []

    def receive():
        nonlocal done
        for _ in range(40):
            sent = struct.unpack("q", os.read(reader, 8))[0]
            waited.append((time.monotonic_ns() - sent) / 1e9)
        done = True

    def compute():
        while not done:
            work(100)

    run_all([threading.Thread(target=compute), threading.Thread(target=receive)])
    os.wait()
    return statistics.median(waited) / INTERVAL


sys.setswitchinterval(INTERVAL)
name, _, number = sys.argv[1].partition("-")
print({"cpu": cpu, "processes": processes, "waits": waits, "slices": lambda: slices(int(number)), "convoy": convoy}[name]())
