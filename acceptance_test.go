package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

const acceptanceCases = 27

var (
	acceptanceRow  = regexp.MustCompile(`(?m)^\| (\d+) \|.*\| (.+) \|$`)
	acceptanceTest = regexp.MustCompile("`([^`:]+): ([^`]+)`")
)

// docs/acceptance.md names a test for each case; a test that was renamed or taken
// away is missed here.
func TestEveryAcceptanceCaseNamesTestsThatExist(t *testing.T) {
	page, err := os.ReadFile("docs/acceptance.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range againstAcceptance(string(page), os.ReadFile) {
		t.Error(complaint)
	}
}

// The check itself, shown a page that lacks a case, a file and a name.
func TestTheAcceptanceCheckCanFail(t *testing.T) {
	files := map[string]string{"a_test.go": "func TestA(t *testing.T) {}", "b.mjs": "scenario('b', 'does b')"}
	read := func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, os.ErrNotExist
		}
		return []byte(text), nil
	}
	page := "| 1 | x | `a_test.go: TestA` · `b.mjs: does b` |\n| 2 | x | `a_test.go: TestGone` · `c.mjs: no file` |\n| 3 | x | nothing |\n"
	got := strings.Join(againstAcceptance(page, read), "\n")
	for _, want := range []string{"case 2: a_test.go has no test TestGone", "case 2: c.mjs", "case 3 names no test", "case 4 has no row", "case 27 has no row"} {
		if !strings.Contains(got, want) {
			t.Errorf("want a complaint with %q, got\n%s", want, got)
		}
	}
	if strings.Contains(got, "case 1:") {
		t.Errorf("case 1 is in order, but: %s", got)
	}
}

func againstAcceptance(page string, read func(string) ([]byte, error)) []string {
	var out []string
	rows := map[string]string{}
	for _, row := range acceptanceRow.FindAllStringSubmatch(page, -1) {
		rows[row[1]] = row[2]
	}
	for n := 1; n <= acceptanceCases; n++ {
		tests, ok := rows[fmt.Sprint(n)]
		if !ok {
			out = append(out, fmt.Sprintf("case %d has no row", n))
			continue
		}
		named := acceptanceTest.FindAllStringSubmatch(tests, -1)
		if len(named) == 0 {
			out = append(out, fmt.Sprintf("case %d names no test", n))
		}
		for _, test := range named {
			if complaint := missing(test[1], test[2], read); complaint != "" {
				out = append(out, fmt.Sprintf("case %d: %s", n, complaint))
			}
		}
	}
	return out
}

// missing says what is wrong with a named test: a Go function, or the title of a test
// of the web or of a scenario.
func missing(file, name string, read func(string) ([]byte, error)) string {
	text, err := read(file)
	if err != nil {
		return fmt.Sprintf("%s: %v", file, err)
	}
	if strings.HasSuffix(file, ".go") {
		name = "func " + name + "("
	}
	if !strings.Contains(string(text), name) {
		return fmt.Sprintf("%s has no test %s", file, strings.TrimSuffix(strings.TrimPrefix(name, "func "), "("))
	}
	return ""
}
