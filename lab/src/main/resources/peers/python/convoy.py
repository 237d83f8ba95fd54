"""convoy NANOS HOGS: system calls of one thread, each of which leaves the lock, beside so many that compute."""
import os
import sys
import threading
import time

import peer

nanos, hogs = map(int, sys.argv[1:3])
over = False


def compute():
    while not over:
        peer.turns(1, 10)


computing = [threading.Thread(target=compute) for _ in range(hogs)]
for thread in computing:
    thread.start()
nowhere = os.open("/dev/null", os.O_WRONLY)
calls = 0
start = time.monotonic_ns()
while time.monotonic_ns() - start < nanos:
    os.write(nowhere, b"1")
    calls += 1
over = True
for thread in computing:
    thread.join()
peer.report(time.monotonic_ns() - start, **{"calls per second": calls * 10**9 // nanos})
