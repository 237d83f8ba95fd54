package main

import (
	"math"
	"runtime"
	"sort"
	"sync"
	"time"
)

// ---- Passing

const (
	crowdSize     = 1_000
	crowdCapacity = 64
)

func rendezvous(roundTrips int) float64 {
	there, back := make(chan int), make(chan int)
	var done sync.WaitGroup
	done.Add(2)
	start := time.Now()
	go func() {
		for i := 0; i < roundTrips; i++ {
			back <- <-there
		}
		done.Done()
	}()
	go func() {
		for i := 0; i < roundTrips; i++ {
			there <- 1
			<-back
		}
		done.Done()
	}()
	done.Wait()
	return nanos(start, roundTrips)
}

func fan(producers, consumers, capacity, elements int) float64 {
	queue := make(chan int, capacity)
	start := time.Now()
	var done sync.WaitGroup
	done.Add(producers + consumers)
	for i := 0; i < producers; i++ {
		go func() {
			for j := 0; j < elements/producers; j++ {
				queue <- 1
			}
			done.Done()
		}()
	}
	for i := 0; i < consumers; i++ {
		go func() {
			for j := 0; j < elements/consumers; j++ {
				<-queue
			}
			done.Done()
		}()
	}
	done.Wait()
	return nanos(start, elements)
}

// A select names its channels in the source, so there is one for two and one for eight.
func selectOf(size, capacity, elements int) float64 {
	c := make([]chan int, size)
	for i := range c {
		c[i] = make(chan int, capacity)
	}
	each := elements / size
	if each == 0 {
		each = 1
	}
	var done sync.WaitGroup
	done.Add(size + 1)
	start := time.Now()
	for _, channel := range c {
		go func(mine chan int) {
			for j := 0; j < each; j++ {
				mine <- 1
			}
			done.Done()
		}(channel)
	}
	go func() {
		if size == 2 {
			c0, c1 := c[0], c[1]
			for j := 0; j < each*size; j++ {
				select {
				case <-c0:
				case <-c1:
				}
			}
		} else {
			c0, c1, c2, c3, c4, c5, c6, c7 := c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]
			for j := 0; j < each*size; j++ {
				select {
				case <-c0:
				case <-c1:
				case <-c2:
				case <-c3:
				case <-c4:
				case <-c5:
				case <-c6:
				case <-c7:
				}
			}
		}
		done.Done()
	}()
	done.Wait()
	return nanos(start, each*size)
}

func longestWait(each, times int) float64 {
	queue := make(chan int, crowdCapacity)
	longest := make([]float64, 2*each)
	var done sync.WaitGroup
	done.Add(len(longest))
	for i := range longest {
		go func(mine *float64, produces bool) {
			for j := 0; j < times; j++ {
				start := time.Now()
				if produces {
					queue <- 1
				} else {
					<-queue
				}
				*mine = math.Max(*mine, nanos(start, 1))
			}
			done.Done()
		}(&longest[i], i%2 == 0)
	}
	done.Wait()
	sort.Float64s(longest)
	return longest[len(longest)-1] / longest[len(longest)/2]
}

func crowd() {
	elements := size(500_000)
	few := medianOf(func() float64 { return fan(2, 2, crowdCapacity, elements) })
	many := medianOf(func() float64 { return fan(crowdSize, crowdSize, crowdCapacity, elements) })
	report("crowd-2", few)
	report("crowd-1000", many)
	report("crowd-throughput", few/many)
	report("crowd-longest-wait", medianOf(func() float64 { return longestWait(crowdSize, elements/crowdSize) }))
}

func unusedBytes() float64 {
	channels := make([]chan int, size(100_000))
	before := usedBytes()
	for i := range channels {
		channels[i] = make(chan int, 16)
	}
	bytes := usedBytes() - before
	runtime.KeepAlive(channels)
	return bytes / float64(len(channels))
}
