// turns TASKS TURNS [PROCESSORS]: shares the turns out among goroutines, with GOMAXPROCS as given.
package main

import (
	"os"
	"runtime"
	"time"
)

func main() {
	tasks, all := argument(1), argument(2)
	each := all / tasks
	if len(os.Args) > 3 {
		runtime.GOMAXPROCS(int(argument(3)))
	}
	ends := make(chan uint64, tasks)
	start := time.Now()
	for i := int64(1); i <= tasks; i++ {
		from := uint64(i)
		go func() { ends <- turns(from, each) }()
	}
	var sum uint64
	for i := int64(0); i < tasks; i++ {
		sum += <-ends
	}
	report(time.Since(start).Nanoseconds(), map[string]int64{"checksum": int64(sum)})
}
