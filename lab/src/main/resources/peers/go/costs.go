// costs CREATE SWITCH TRIPS KEEP: what a goroutine takes to create, to switch to, for a round trip, and in memory.
package main

import (
	"runtime"
	"sync"
	"time"
)

func used() int64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.StackInuse + memory.HeapInuse)
}

func main() {
	create, switches, trips, keep := argument(1), argument(2), argument(3), argument(4)
	begin := time.Now()
	var all sync.WaitGroup
	start := time.Now()
	for i := int64(0); i < create; i++ {
		all.Add(1)
		go all.Done()
	}
	all.Wait()
	created := time.Since(start).Nanoseconds() / create

	before := runtime.GOMAXPROCS(1)
	start = time.Now()
	for i := 0; i < 2; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for turn := int64(0); turn < switches; turn++ {
				runtime.Gosched()
			}
		}()
	}
	all.Wait()
	switched := time.Since(start).Nanoseconds() / (2 * switches)
	runtime.GOMAXPROCS(before)

	there, back := make(chan int64, 1), make(chan int64, 1)
	go func() {
		for element := range there {
			back <- element
		}
	}()
	start = time.Now()
	for trip := int64(0); trip < trips; trip++ {
		there <- trip
		<-back
	}
	trip := time.Since(start).Nanoseconds() / trips
	close(there)

	never, ready := make(chan int), make(chan int, keep)
	empty := used()
	for i := int64(0); i < keep; i++ {
		go func() {
			ready <- 1
			<-never
		}()
	}
	for i := int64(0); i < keep; i++ {
		<-ready
	}
	memory := (used() - empty) / keep
	close(never)
	if memory < 0 {
		memory = 0
	}
	report(time.Since(begin).Nanoseconds(), map[string]int64{
		"create": created, "switch": switched, "round trip": trip, "memory": memory})
}
