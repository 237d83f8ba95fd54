// resize NANOS: endless goroutines while GOMAXPROCS goes from 1 to 2 and back to 1; their turns per second in each phase.
package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	window := time.Duration(argument(1))
	var done int64
	var stop int32
	var all sync.WaitGroup
	runtime.GOMAXPROCS(1)
	begin := time.Now()
	for i := uint64(1); i <= 4; i++ {
		from := i
		all.Add(1)
		go func() {
			defer all.Done()
			x := from
			for atomic.LoadInt32(&stop) == 0 && x != 0 {
				x = turns(x, 10000)
				atomic.AddInt64(&done, 10000)
			}
		}()
	}
	names := []string{"rate with 1", "rate with 2", "rate with 1 again"}
	facts := map[string]int64{}
	for i, processors := range []int{1, 2, 1} {
		runtime.GOMAXPROCS(processors)
		time.Sleep(window / 2)
		start, before := time.Now(), atomic.LoadInt64(&done)
		time.Sleep(window)
		facts[names[i]] = int64(float64(atomic.LoadInt64(&done)-before) / time.Since(start).Seconds())
	}
	atomic.StoreInt32(&stop, 1)
	all.Wait()
	report(time.Since(begin).Nanoseconds(), facts)
}
