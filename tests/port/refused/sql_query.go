package main

import (
	"database/sql"
	"fmt"
)

func main() {
	db, err := sql.Open("postgres", "dbname=x") // want database/sql.Open
	fmt.Println(db != nil, err)
}
