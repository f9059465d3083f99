module gochan.dev/port/frontend

go 1.22
