// probe PROCESSORS: does what the lab's Prober asks for, with units that go creates, under that GOMAXPROCS.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const workTurns = 40000000

var written int32

func osTask() string {
	id, _ := os.Readlink("/proc/thread-self")
	return id
}

func run(units int, code func(int)) {
	var all sync.WaitGroup
	for i := 1; i <= units; i++ {
		all.Add(1)
		number := i
		go func() {
			defer all.Done()
			code(number)
		}()
	}
	all.Wait()
}

func main() {
	runtime.GOMAXPROCS(int(argument(1)))
	fmt.Println(`{"probe":1}`)
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		var n, millis int
		line := commands.Text()
		switch strings.Fields(line)[0] {
		case "wait":
			fmt.Sscanf(line, "wait %d", &n)
			ids, never := make(chan string, n), make(chan int)
			for i := 0; i < n; i++ {
				go func() {
					ids <- `"` + osTask() + `"`
					<-never
				}()
			}
			all := make([]string, n)
			for i := range all {
				all[i] = <-ids
			}
			fmt.Printf("{\"ids\":[%s]}\n", strings.Join(all, ","))
			commands.Scan() // release
			close(never)
			fmt.Println("{}")
		case "write":
			run(1, func(int) { atomic.StoreInt32(&written, 42) })
			fmt.Printf("{\"seen\":%d}\n", atomic.LoadInt32(&written))
		case "burn":
			fmt.Sscanf(line, "burn %d", &n)
			var sum uint64
			run(n, func(number int) { atomic.AddUint64(&sum, turns(uint64(number), workTurns)) })
			fmt.Printf("{\"checksum\":%d}\n", sum>>1)
		case "tick":
			fmt.Sscanf(line, "tick %d %d", &n, &millis)
			var ended int32
			ready, gap := make(chan int), make(chan time.Duration, 1)
			go func() {
				longest, last := time.Duration(0), time.Now()
				close(ready)
				for atomic.LoadInt32(&ended) < int32(n) {
					time.Sleep(time.Millisecond)
					now := time.Now()
					if now.Sub(last) > longest {
						longest = now.Sub(last)
					}
					last = now
				}
				gap <- longest
			}()
			<-ready
			run(n, func(int) {
				start := time.Now()
				for time.Since(start) < time.Duration(millis)*time.Millisecond {
				}
				atomic.AddInt32(&ended, 1)
			})
			fmt.Printf("{\"gap\":%d}\n", (<-gap).Nanoseconds())
		case "move":
			var moved int32
			run(8, func(int) {
				first, other := osTask(), false
				for i := 0; i < 20; i++ {
					time.Sleep(time.Millisecond)
					other = other || osTask() != first
				}
				if other {
					atomic.AddInt32(&moved, 1)
				}
			})
			fmt.Printf("{\"moved\":%d}\n", moved)
		default:
			os.Exit(2)
		}
	}
}
