"""What all Python programs of the lab share: the turns, and the report, one line of JSON."""
import json
import resource
import sys

MASK = (1 << 64) - 1


def turns(x, n):
    """Turns of the xorshift generator; the same as Turns.run in Java."""
    for _ in range(n):
        x ^= (x << 13) & MASK
        x ^= x >> 7
        x ^= (x << 17) & MASK
    return x


def signed(x):
    """The number that Java has in these 64 bits."""
    x &= MASK
    return x - (1 << 64) if x >> 63 else x


def report(nanos, **facts):
    cpu, switches = 0, 0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        cpu += usage.ru_utime + usage.ru_stime
        switches += usage.ru_nvcsw + usage.ru_nivcsw
    line = {"nanos": nanos, "cpuNanos": int(cpu * 1e9), "switches": switches}
    line.update({name.replace("_", " "): value for name, value in facts.items()})
    print(json.dumps(line))
    sys.stdout.flush()
