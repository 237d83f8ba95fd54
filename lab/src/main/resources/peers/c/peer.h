/* What all C programs of the lab share: a clock, the turns, and the report, one line of JSON. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static inline int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t) t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Turns of the xorshift generator; the same as Turns.run in Java. */
static inline uint64_t turns(uint64_t x, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}

static inline void check(int error, const char *what) {
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", what, strerror(error));
        exit(1);
    }
}

static inline int64_t usage(int who, int64_t *switches) {
    struct rusage u;
    getrusage(who, &u);
    *switches += u.ru_nvcsw + u.ru_nivcsw;
    return ((int64_t) u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000000
        + ((int64_t) u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000;
}

/* Begins the line; facts follow, then report_end. */
static inline void report(int64_t nanos) {
    int64_t switches = 0;
    int64_t cpu = usage(RUSAGE_SELF, &switches) + usage(RUSAGE_CHILDREN, &switches);
    printf("{\"nanos\":%" PRId64 ",\"cpuNanos\":%" PRId64 ",\"switches\":%" PRId64, nanos, cpu, switches);
}

static inline void fact(const char *name, int64_t value) {
    printf(",\"%s\":%" PRId64, name, value);
}

static inline void report_end(void) {
    printf("}\n");
    fflush(stdout);
}
