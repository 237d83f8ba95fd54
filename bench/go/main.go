// The shapes of `bench/run green` and `bench/run channels` on goroutines: main.go SHAPE full|smoke. Prints a line for each row, its name, a blank
// and its number, as the processes of the JVMs do; each function below says what its namesake in Java says, and warms up and
// repeats as Measurement.java does.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	warmUp        = 2 * time.Second
	measured      = time.Second
	leastWarmUps  = 2
	leastMeasured = 3
	smokeFactor   = 100
)

var smoke bool

func size(full int) int {
	if !smoke {
		return full
	}
	if full < smokeFactor {
		return 1
	}
	return full / smokeFactor
}

func report(row string, value float64) { fmt.Println(row, value) }

func median(values []float64) float64 {
	sort.Float64s(values)
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half]
	}
	return (values[half-1] + values[half]) / 2
}

func medianOf(run func() float64) float64 {
	repeat := func(total time.Duration, least int) []float64 {
		var values []float64
		if smoke {
			total /= smokeFactor
		}
		for start := time.Now(); len(values) < least || time.Since(start) < total; {
			values = append(values, run())
		}
		return values
	}
	repeat(warmUp, leastWarmUps)
	return median(repeat(measured, leastMeasured))
}

func nanos(start time.Time, count int) float64 {
	return float64(time.Since(start).Nanoseconds()) / float64(count)
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// ---- Switching

func ring(seats, laps int) float64 {
	channels := make([]chan struct{}, seats)
	for i := range channels {
		channels[i] = make(chan struct{})
	}
	var done sync.WaitGroup
	done.Add(seats)
	for i := range channels {
		go func(mine, next chan struct{}, last bool) {
			for lap := 0; lap < laps; lap++ {
				<-mine
				if !last || lap < laps-1 {
					next <- struct{}{}
				}
			}
			done.Done()
		}(channels[i], channels[(i+1)%seats], i == seats-1)
	}
	start := time.Now()
	channels[0] <- struct{}{}
	done.Wait()
	return nanos(start, seats*laps)
}

func pingPong(roundTrips int) float64 { return 2 * ring(2, roundTrips) }

func pingPongBesideHog(roundTrips int) float64 {
	defer startHogs(1)()
	return pingPong(roundTrips)
}

func yield(yielding, times int) float64 {
	start := time.Now()
	var done sync.WaitGroup
	done.Add(yielding)
	for i := 0; i < yielding; i++ {
		go func() {
			for j := 0; j < times; j++ {
				runtime.Gosched()
			}
			done.Done()
		}()
	}
	done.Wait()
	return nanos(start, yielding*times)
}

// ---- Spawning

func spawnJoin(times int) float64 {
	done := make(chan struct{})
	start := time.Now()
	for i := 0; i < times; i++ {
		go func() { done <- struct{}{} }()
		<-done
	}
	return nanos(start, times)
}

func spawnJoinMany(many int) float64 {
	var done sync.WaitGroup
	start := time.Now()
	done.Add(many)
	for i := 0; i < many; i++ {
		go done.Done()
	}
	done.Wait()
	return nanos(start, many)
}

func link(left int, last chan struct{}) {
	if left == 0 {
		close(last)
	} else {
		go link(left-1, last)
	}
}

func spawnChained(links int) float64 {
	last := make(chan struct{})
	start := time.Now()
	go link(links, last)
	<-last
	return nanos(start, links)
}

func node(sum chan int, first, leaves int) {
	if leaves == 1 {
		sum <- first
		return
	}
	children := make(chan int)
	for i := 0; i < 10; i++ {
		go node(children, first+i*(leaves/10), leaves/10)
	}
	total := 0
	for i := 0; i < 10; i++ {
		total += <-children
	}
	sum <- total
}

func skynet(leaves int) float64 {
	sum := make(chan int)
	start := time.Now()
	go node(sum, 0, leaves)
	got := <-sum
	millis := nanos(start, 1) / 1e6
	if expected := leaves * (leaves - 1) / 2; got != expected {
		panic(fmt.Sprint("skynet gave ", got, " and not ", expected))
	}
	return millis
}

// ---- Waiting

func usedBytes() float64 {
	runtime.GC()
	time.Sleep(100 * time.Millisecond)
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc + stats.StackInuse)
}

func park(count int, weigh bool) (bytes, perTask float64) {
	release := make(chan struct{})
	var begun, done sync.WaitGroup
	begun.Add(count)
	done.Add(count)
	if weigh {
		bytes = -usedBytes()
	}
	start := time.Now()
	for i := 0; i < count; i++ {
		go func() {
			begun.Done()
			<-release
			done.Done()
		}()
	}
	begun.Wait()
	perTask = nanos(start, count)
	if weigh {
		bytes += usedBytes()
	}
	start = time.Now()
	close(release)
	done.Wait()
	return bytes / float64(count), perTask + nanos(start, count)
}

func parkTime(count int) float64 {
	_, perTask := park(count, false)
	return perTask
}

func parked() {
	few, many := 1_000, size(1_000_000)
	// Go keeps what ended goroutines took: only the first thousand and the first million show it.
	fewBytes, _ := park(few, true)
	manyBytes, _ := park(many, true)
	fewTime := medianOf(func() float64 { return parkTime(few) })
	manyTime := median([]float64{parkTime(many), parkTime(many), parkTime(many)})
	report("parked-bytes-1k", fewBytes)
	report("parked-bytes-1M", manyBytes)
	report("parked-bytes-growth", manyBytes/fewBytes)
	report("parked-time-1k", fewTime)
	report("parked-time-1M", manyTime)
	report("parked-time-growth", manyTime/fewTime)
}

func sleep(count int) int32 {
	var early int32
	var done sync.WaitGroup
	done.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			start := time.Now()
			time.Sleep(time.Second)
			if time.Since(start) < time.Second {
				atomic.AddInt32(&early, 1)
			}
			done.Done()
		}()
	}
	done.Wait()
	return early
}

func sleepers() {
	for i := 0; i < 5; i++ {
		sleep(size(100_000))
	}
	var cpuMillis, wallMillis []float64
	wrong := int32(0)
	for i := 0; i < 3; i++ {
		start, cpu := time.Now(), cpuTime()
		wrong += sleep(size(1_000_000))
		cpuMillis = append(cpuMillis, float64(cpuTime()-cpu)/1e6)
		wallMillis = append(wallMillis, nanos(start, 1)/1e6)
	}
	report("sleepers-cpu", median(cpuMillis))
	report("sleepers-wall", median(wallMillis))
	report("sleepers-wrong", float64(wrong))
}

// ---- Hogging

var sink uint64

// Returns when all spin; what it returns ends them.
func startHogs(count int) (stop func()) {
	var stopped int32
	var spinning, done sync.WaitGroup
	spinning.Add(count)
	done.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			spinning.Done()
			x := uint64(1)
			for atomic.LoadInt32(&stopped) == 0 {
				x = x*31 + 1
			}
			atomic.StoreUint64(&sink, x)
			done.Done()
		}()
	}
	spinning.Wait()
	return func() {
		atomic.StoreInt32(&stopped, 1)
		done.Wait()
	}
}

func hoggedTicker() {
	defer startHogs(runtime.GOMAXPROCS(0))()
	late := make([]float64, size(1_000))
	for i := range late {
		start := time.Now()
		time.Sleep(time.Millisecond)
		late[i] = float64(time.Since(start)-time.Millisecond) / 1e6
	}
	sort.Float64s(late)
	report("hogged-ticker", late[(len(late)*99+99)/100-1])
}

func hoggedCpus() {
	defer startHogs(2)()
	go func() {
		for {
			time.Sleep(time.Millisecond)
		}
	}()
	time.Sleep(time.Duration(size(1_000)) * time.Millisecond)
	start, cpu := time.Now(), cpuTime()
	time.Sleep(time.Duration(size(5_000)) * time.Millisecond)
	report("hogged-cpus", float64(cpuTime()-cpu)/float64(time.Since(start)))
}

func fifo() {
	const readers, probes = 64, 200
	folder, err := os.MkdirTemp("", "heddle-bench")
	check(err)
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "fifo")
	check(syscall.Mkfifo(path, 0o600))
	writer, err := os.OpenFile(path, os.O_RDWR, 0)
	check(err)
	var reading int32
	var done sync.WaitGroup
	done.Add(readers)
	for i := 0; i < readers; i++ {
		go func() {
			// Not os.File: that would wait in the poller, and no thread would block.
			in, err := syscall.Open(path, syscall.O_RDONLY, 0)
			check(err)
			atomic.AddInt32(&reading, 1)
			_, err = syscall.Read(in, make([]byte, 1))
			check(err)
			syscall.Close(in)
			done.Done()
		}()
	}
	probe := func() float64 {
		running := make(chan time.Time, 1)
		start := time.Now()
		go func() { running <- time.Now() }()
		return float64((<-running).Sub(start)) / 1e6
	}
	entering, blocked := 0.0, 0.0
	for atomic.LoadInt32(&reading) < readers {
		if late := probe(); late > entering {
			entering = late
		}
	}
	for i := 0; i < probes; i++ {
		if late := probe(); late > blocked {
			blocked = late
		}
		time.Sleep(time.Millisecond)
	}
	report("fifo-64-entering", entering)
	report("fifo-64-blocked", blocked)
	_, err = writer.Write(make([]byte, readers))
	check(err)
	done.Wait()
}

func main() {
	shape := os.Args[1]
	smoke = os.Args[2] == "smoke"
	one := func(run func() float64) { report(shape, medianOf(run)) }
	switch shape {
	case "ping-pong":
		one(func() float64 { return pingPong(size(20_000)) })
	case "ping-pong-hog":
		one(func() float64 { return pingPongBesideHog(size(20_000)) })
	case "ring-503":
		one(func() float64 { return ring(503, size(200)) })
	case "spawn-join":
		one(func() float64 { return spawnJoin(size(20_000)) })
	case "spawn-join-1000":
		one(func() float64 { return spawnJoinMany(1_000) })
	case "spawn-chained":
		one(func() float64 { return spawnChained(size(20_000)) })
	case "yield":
		one(func() float64 { return yield(64, size(1_000)) })
	case "yield-alone":
		one(func() float64 { return yield(1, size(50_000)) })
	case "skynet", "skynet-untracked":
		one(func() float64 { return skynet(size(1_000_000)) })
	case "parked":
		parked()
	case "sleepers":
		sleepers()
	case "echo-10":
		one(func() float64 { return echo(10, size(2_000)) })
	case "echo-100":
		one(func() float64 { return echo(100, size(200)) })
	case "hogged-ticker":
		hoggedTicker()
	case "hogged-cpus":
		hoggedCpus()
	case "fifo-64":
		fifo()
	case "rendezvous":
		one(func() float64 { return rendezvous(size(20_000)) })
	case "buffer-128":
		one(func() float64 { return fan(1, 1, 128, size(200_000)) })
	case "fan-in":
		one(func() float64 { return fan(8, 1, 64, size(40_000)) })
	case "fan-out":
		one(func() float64 { return fan(1, 8, 64, size(40_000)) })
	case "select-2":
		one(func() float64 { return selectOf(2, 0, size(40_000)) })
	case "select-8":
		one(func() float64 { return selectOf(8, 0, size(40_000)) })
	case "select-2-buffered":
		one(func() float64 { return selectOf(2, 16, size(40_000)) })
	case "select-8-buffered":
		one(func() float64 { return selectOf(8, 16, size(40_000)) })
	case "crowd":
		crowd()
	case "unused-bytes":
		one(unusedBytes)
	default:
		fmt.Fprintln(os.Stderr, "no such shape:", shape)
		os.Exit(2)
	}
}
