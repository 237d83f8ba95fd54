"""turns TASKS TURNS: shares the turns out among threads."""
import sys
import threading
import time

import peer

tasks, each = int(sys.argv[1]), int(sys.argv[2]) // int(sys.argv[1])
ends = [0] * tasks


def work(task):
    ends[task] = peer.turns(task + 1, each)


start = time.monotonic_ns()
threads = [threading.Thread(target=work, args=(task,)) for task in range(tasks)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
peer.report(time.monotonic_ns() - start, checksum=peer.signed(sum(ends)))
