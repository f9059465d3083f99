package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
	"text/tabwriter"
)

type row struct {
	name  string
	qty   int
	price float64
}

const report = `apple;3;0.5
pear;12;0.75
# comment

watermelon;1;4.2
bad line
kiwi;x;1`

func load(text string) (rows []row, errs []string) {
	sc := bufio.NewScanner(strings.NewReader(text))
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, ";")
		if len(parts) != 3 {
			errs = append(errs, fmt.Sprintf("line %d: want 3 fields, got %d", n, len(parts)))
			continue
		}
		r := row{name: parts[0]}
		if _, err := fmt.Sscanf(parts[1]+" "+parts[2], "%d %f", &r.qty, &r.price); err != nil {
			errs = append(errs, fmt.Sprintf("line %d: %v", n, err))
			continue
		}
		rows = append(rows, r)
	}
	return
}

func main() {
	rows, errs := load(report)
	sort.Slice(rows, func(i, j int) bool { return rows[i].name > rows[j].name })
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tQTY\tTOTAL")
	total := 0.0
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%.2f\n", r.name, r.qty, float64(r.qty)*r.price)
		total += float64(r.qty) * r.price
	}
	w.Flush()
	fmt.Println(strings.Repeat("-", 20))
	w = tabwriter.NewWriter(os.Stdout, 5, 0, 1, '.', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(w, "a\tbbb\tc\t")
	fmt.Fprintln(w, "aaaa\tb\tccccccc\t")
	w.Flush()
	for _, e := range errs {
		fmt.Println(e)
	}
	fmt.Printf("total %8.2f\n", total)

	words := bufio.NewScanner(strings.NewReader("now is  the\ntime"))
	words.Split(bufio.ScanWords)
	count := 0
	for words.Scan() {
		count++
		fmt.Print(words.Text(), "/")
	}
	fmt.Println(count)
	runes := bufio.NewScanner(strings.NewReader("aé"))
	runes.Split(bufio.ScanRunes)
	for runes.Scan() {
		fmt.Printf("%q ", runes.Text())
	}
	fmt.Println()
	bw := bufio.NewWriterSize(os.Stdout, 16)
	bw.WriteString("buffered ")
	fmt.Fprint(bw, 12, " bytes and more\n")
	bw.Flush()
}
