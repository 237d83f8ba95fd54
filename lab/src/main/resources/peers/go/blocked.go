// blocked TURNS BLOCKED: the turns in one goroutine with GOMAXPROCS(1), beside others that wait in a channel.
package main

import (
	"runtime"
	"time"
)

func main() {
	all, blocked := argument(1), argument(2)
	runtime.GOMAXPROCS(1)
	never := make(chan int)
	begin := time.Now()
	ready := make(chan int)
	for i := int64(0); i < blocked; i++ {
		go func() {
			ready <- 1
			<-never
		}()
	}
	for i := int64(0); i < blocked; i++ {
		<-ready
	}
	start := time.Now()
	end := make(chan uint64)
	go func() { end <- turns(1, all) }()
	sum := <-end
	work := time.Since(start).Nanoseconds()
	close(never)
	report(time.Since(begin).Nanoseconds(), map[string]int64{"checksum": int64(sum), "work": work})
}
