package main

import (
	"io"
	"net"
	"sync"
	"time"
)

const echoBytes = 64

func echo(clients, roundTrips int) float64 {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer server.Close()
	var done sync.WaitGroup
	done.Add(2 * clients)
	start := time.Now()
	for i := 0; i < clients; i++ {
		go func() {
			defer done.Done()
			serve(server)
		}()
		go func() {
			defer done.Done()
			ask(server.Addr().String(), roundTrips)
		}()
	}
	done.Wait()
	return nanos(start, clients*roundTrips)
}

func serve(server net.Listener) {
	socket, err := server.Accept()
	check(err)
	defer socket.Close()
	message := make([]byte, echoBytes)
	for {
		read, err := socket.Read(message)
		if err == io.EOF {
			return
		}
		check(err)
		_, err = socket.Write(message[:read])
		check(err)
	}
}

func ask(address string, roundTrips int) {
	socket, err := net.Dial("tcp", address)
	check(err)
	defer socket.Close()
	message := make([]byte, echoBytes)
	for i := 0; i < roundTrips; i++ {
		_, err = socket.Write(message)
		check(err)
		_, err = io.ReadFull(socket, message)
		check(err)
	}
}
