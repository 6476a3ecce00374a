package hooks

import (
	"testing"

	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
)

// An item of a queue is one flat object, with its region's name beside its own members.
func TestAnItemAndItsRegionsNameAreOneObject(t *testing.T) {
	text, err := json.Marshal(place([]engine.CaseItem{{Case: "c1", Region: "370281"}}, func(i engine.CaseItem) string { return i.Region }))
	if err != nil {
		t.Fatal(err)
	}
	var items []map[string]any
	if err := json.Unmarshal(text, &items); err != nil {
		t.Fatal(err)
	}
	if items[0]["case"] != "c1" || items[0]["region_name"] != "胶州市" {
		t.Errorf("got %s", text)
	}
}
