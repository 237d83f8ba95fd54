"""overlap TASKS NANOS: every thread waits so long and then does the turns of one; the waits overlap."""
import sys
import threading
import time

import peer

tasks, wait = int(sys.argv[1]), int(sys.argv[2]) / 1e9
ends = [0] * tasks


def work(task):
    time.sleep(wait)
    ends[task] = peer.turns(task + 1, 1000)


start = time.monotonic_ns()
threads = [threading.Thread(target=work, args=(task,)) for task in range(tasks)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
peer.report(time.monotonic_ns() - start, checksum=peer.signed(sum(ends)))
