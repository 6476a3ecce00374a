package register

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Every text that the source asks for is in the table, and every one of the table is
// named by the source.
func TestCaseTextsAreThoseThatAreSaid(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	asks, names := regexp.MustCompile(`(?:decline\([^,()]*, |caseText\()"([a-z_]+)"`), regexp.MustCompile(`"([a-z_]+)"`)
	asked, named := 0, map[string]bool{}
	for _, f := range files {
		if f == "casefile_texts.go" || f == "casefile_texts_test.go" {
			continue
		}
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asks.FindAllStringSubmatch(string(source), -1) {
			if asked++; caseTexts[m[1]] == "" {
				t.Errorf("%s asks for %s, which has no text", f, m[1])
			}
		}
		for _, m := range names.FindAllStringSubmatch(string(source), -1) {
			named[m[1]] = true
		}
	}
	if asked < 10 {
		t.Errorf("only %d texts are asked for: the search is wrong", asked)
	}
	for key := range caseTexts {
		if !named[key] {
			t.Errorf("nobody says %s", key)
		}
	}
}
