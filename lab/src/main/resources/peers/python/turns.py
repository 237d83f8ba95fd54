"""turns TASKS TURNS: shares the turns out among threads."""
import sys
import threading
import time

import peer

tasks, each = int(sys.argv[1]), int(sys.argv[2]) // int(sys.argv[1])
ends = [0] * tasks


def work(task):
    ends[task] = peer.turns(task + 1, each)


start, cpu = time.monotonic_ns(), time.process_time_ns()
threads = [threading.Thread(target=work, args=(task,)) for task in range(tasks)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
facts = {"checksum": peer.signed(sum(ends)), "cpu of the work": time.process_time_ns() - cpu}
peer.report(time.monotonic_ns() - start, **facts)
