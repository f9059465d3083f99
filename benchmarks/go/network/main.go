// The Go side of the network rows: `network serve PORT` is Go's server, with the proxy's backend on PORT, and
// `network load` is the client of all servers.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// request is what the client is asked to do.
type request struct {
	Do          string  // "exchange", "accept", "hold" or "release"
	Port        int     // the server's
	Pid         int     // the server's, whose processor time is measured
	Connections int     // how many are open
	Busy        int     // on how many of them a message is under way at a time
	Size        int     // of a message, in bytes
	Seconds     float64 // how long to measure
}

func say(what map[string]any) {
	if err := json.NewEncoder(os.Stdout).Encode(what); err != nil {
		panic(err)
	}
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "serve" {
		say(serve(os.Args[2]))
		// The server ends with the process that started it.
		io.Copy(io.Discard, os.Stdin)
		return
	}
	client, err := newLoad()
	if err != nil {
		say(map[string]any{"error": err.Error()})
		return
	}
	say(map[string]any{"backend": client.backend})
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		var r request
		if err := json.Unmarshal(requests.Bytes(), &r); err != nil {
			panic(err)
		}
		if answer, err := client.answer(r); err != nil {
			say(map[string]any{"error": fmt.Sprintf("client: %v", err)})
		} else {
			say(answer)
		}
	}
}
