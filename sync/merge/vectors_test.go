package merge

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// vectors reads a file of golden vectors; a member that nobody reads is an error.
func vectors(t testing.TB, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile("../../docs/vectors/" + name)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

type mergeVectors struct {
	Describes string
	Fields    []Field
	Cases     []struct {
		Name   string
		State  State
		Op     Op
		Result Result
	}
}

func TestGoldenVectorsOfMerge(t *testing.T) {
	var file mergeVectors
	vectors(t, "merge.json", &file)
	if len(file.Cases) < 40 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			got, want := plain(Merge(c.State, c.Op, file.Fields)), plain(c.Result)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("\n got %s\nwant %s", asJSON(got), asJSON(want))
			}
		})
	}
}

// plain makes what is empty nil: JSON does not tell them apart here.
func plain(r Result) Result {
	if len(r.Fields) == 0 {
		r.Fields = nil
	}
	if len(r.Set) == 0 {
		r.Set = nil
	}
	if len(r.Versions) == 0 {
		r.Versions = nil
	}
	if len(r.Cases) == 0 {
		r.Cases = nil
	}
	if len(r.Settled) == 0 {
		r.Settled = nil
	}
	return r
}

func TestGoldenVectorsOfView(t *testing.T) {
	var file struct {
		Describes string
		Fields    []Field
		Cases     []struct {
			Name    string
			Base    values
			Pending []Pending
			View    values
		}
	}
	vectors(t, "view.json", &file)
	if len(file.Cases) < 20 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			got := View(c.Base, c.Pending, file.Fields)
			if (got == nil) != (c.View == nil) || asJSON(present(got)) != asJSON(present(c.View)) {
				t.Fatalf("\n got %s\nwant %s", asJSON(got), asJSON(c.View))
			}
		})
	}
}

// present is a view without its nulls: null is absent.
func present(view values) values {
	some := values{}
	for name, value := range view {
		if value != nil {
			some[name] = value
		}
	}
	return some
}
