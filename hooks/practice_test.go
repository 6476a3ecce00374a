package hooks

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var update = flag.Bool("update", false, "write the files that follow from the tables")

// The practice village has no server to ask for the schema, so the tablet carries
// what /schema answers a worker. One source: this test writes the file and fails
// when it is not what the tables say.
func TestThePracticeVillageHasTheSchemaThatAWorkerGets(t *testing.T) {
	const file = "../web/src/tablet/practice/schema.json"
	s := newSite(t)
	r := s.ask("worker", "GET", syncPrefix+"/schema", nil)
	var answer map[string]any
	if err := json.Unmarshal(r.body, &answer); err != nil {
		t.Fatal(err)
	}
	delete(answer, "seal") // each server has a key of its own, and what is practised is sealed to none
	want, err := json.Marshal(answer, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not what /schema answers: go test ./hooks -run PracticeVillage -update, then build the web", file)
	}
}
