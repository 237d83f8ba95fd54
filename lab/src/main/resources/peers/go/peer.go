// What all Go programs of the lab share: the turns, and the report, one line of JSON.
package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"syscall"
)

// turns of the xorshift generator; the same as Turns.run in Java.
func turns(x uint64, n int64) uint64 {
	for i := int64(0); i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

func argument(index int) int64 {
	value, err := strconv.ParseInt(os.Args[index], 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func report(nanos int64, facts map[string]int64) {
	var cpu, switches int64
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(who, &usage); err == nil {
			cpu += usage.Utime.Nano() + usage.Stime.Nano()
			switches += int64(usage.Nvcsw) + int64(usage.Nivcsw)
		}
	}
	fmt.Printf(`{"nanos":%d,"cpuNanos":%d,"switches":%d`, nanos, cpu, switches)
	names := make([]string, 0, len(facts))
	for name := range facts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Printf(`,"%s":%d`, name, facts[name])
	}
	fmt.Println("}")
}
