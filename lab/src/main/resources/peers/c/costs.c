/* costs CREATE SWITCH TRIPS KEEP: what a thread takes to create, to switch to, for a round trip, and in memory. */
#include "peer.h"

#include <sched.h>

static int64_t switches, trips;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn, waiting, over;

static void *nothing(void *unused) {
    return unused;
}

static void *yield(void *unused) {
    for (int64_t i = 0; i < switches; i++) sched_yield();
    return unused;
}

/* Two threads that hand a number to each other, each waiting until it is its turn. */
static void *pass(void *mine) {
    for (int64_t i = 0; i < trips; i++) {
        pthread_mutex_lock(&lock);
        while (turn != (int) (intptr_t) mine) pthread_cond_wait(&changed, &lock);
        turn = 1 - turn;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void *keep(void *unused) {
    pthread_mutex_lock(&lock);
    waiting++;
    while (!over) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

static int64_t rss(void) {
    char line[256];
    int64_t kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        if (sscanf(line, "VmRSS: %" SCNd64, &kib) == 1) break;
    }
    if (status) fclose(status);
    return kib * 1024;
}

static int64_t two(void *(*code)(void *)) {
    pthread_t a, b;
    int64_t start = now();
    check(pthread_create(&a, NULL, code, (void *) 0), "pthread_create");
    check(pthread_create(&b, NULL, code, (void *) 1), "pthread_create");
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return now() - start;
}

int main(int argc, char **argv) {
    int create = atoi(argv[1]), kept = atoi(argv[4]);
    switches = atoll(argv[2]);
    trips = atoll(argv[3]);
    int64_t begin = now();
    pthread_t threads[create > kept ? create : kept];
    int64_t start = now();
    for (int i = 0; i < create; i++) check(pthread_create(&threads[i], NULL, nothing, NULL), "pthread_create");
    for (int i = 0; i < create; i++) pthread_join(threads[i], NULL);
    int64_t created = (now() - start) / create;

    cpu_set_t all, one;
    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &all)) {
            CPU_SET(cpu, &one);
            break;
        }
    }
    sched_setaffinity(0, sizeof one, &one);
    int64_t switched = two(yield) / (2 * switches);
    sched_setaffinity(0, sizeof all, &all);
    int64_t trip = two(pass) / trips;

    int64_t before = rss();
    for (int i = 0; i < kept; i++) check(pthread_create(&threads[i], NULL, keep, NULL), "pthread_create");
    for (int here = 0; here < kept;) {
        sched_yield();
        pthread_mutex_lock(&lock);
        here = waiting;
        pthread_mutex_unlock(&lock);
    }
    int64_t memory = (rss() - before) / kept;
    pthread_mutex_lock(&lock);
    over = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < kept; i++) pthread_join(threads[i], NULL);
    report(now() - begin);
    fact("create", created);
    fact("switch", switched);
    fact("round trip", trip);
    fact("memory", memory < 0 ? 0 : memory);
    report_end();
    (void) argc;
    return 0;
}
