// overlap TASKS NANOS: every goroutine waits so long and then does the turns of one; the waits overlap.
package main

import "time"

func main() {
	tasks, wait := argument(1), time.Duration(argument(2))
	ends := make(chan uint64, tasks)
	start := time.Now()
	for i := int64(1); i <= tasks; i++ {
		from := uint64(i)
		go func() {
			time.Sleep(wait)
			ends <- turns(from, 1000)
		}()
	}
	var sum uint64
	for i := int64(0); i < tasks; i++ {
		sum += <-ends
	}
	report(time.Since(start).Nanoseconds(), map[string]int64{"checksum": int64(sum)})
}
