package main

import (
	"fmt"
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) { // want net/http.HandleFunc
		fmt.Fprintf(w, "hello, %s\n", r.URL.Path)
	})
	log.Fatal(http.ListenAndServe(":8090", nil))
}
