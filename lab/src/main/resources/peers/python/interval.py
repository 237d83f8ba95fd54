"""interval NANOS WAKES PAUSE: a thread that computes beside one that wakes after each pause; how late it wakes."""
import sys
import threading
import time

import peer

interval, wakes, pause = map(int, sys.argv[1:4])
sys.setswitchinterval(interval / 1e9)
over = False


def compute():
    while not over:
        peer.turns(1, 10)


computing = threading.Thread(target=compute)
begin = time.monotonic_ns()
computing.start()
late = []
for _ in range(wakes):
    due = time.monotonic_ns() + pause
    time.sleep(pause / 1e9)
    late.append(max(0, time.monotonic_ns() - due))
over = True
computing.join()
peer.report(time.monotonic_ns() - begin, late=sorted(late)[wakes // 2], latencies=late)
