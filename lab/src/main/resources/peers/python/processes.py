"""processes TASKS TURNS: shares the turns out among processes of multiprocessing, started before the clock."""
import multiprocessing
import sys
import time

import peer


def work(jobs, ends):
    for start, each in iter(jobs.get, None):
        ends.put(peer.turns(start, each))


if __name__ == "__main__":
    tasks, each = int(sys.argv[1]), int(sys.argv[2]) // int(sys.argv[1])
    jobs, ends = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work, args=(jobs, ends)) for _ in range(tasks)]
    for worker in workers:
        worker.start()
    for _ in workers:  # all are there when they have answered once
        jobs.put((1, 0))
    for _ in workers:
        ends.get()
    start = time.monotonic_ns()
    for task in range(tasks):
        jobs.put((task + 1, each))
    total = sum(ends.get() for _ in range(tasks))
    nanos = time.monotonic_ns() - start
    for _ in workers:
        jobs.put(None)
    for worker in workers:
        worker.join()
    peer.report(nanos, checksum=peer.signed(total))
