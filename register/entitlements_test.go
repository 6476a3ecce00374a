package register_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/google/uuid"
)

// desk writes into the register of a village and reads what the rule made of it.
type desk struct {
	t  *testing.T
	e  *engine.Engine
	by *engine.Account
}

func newID(t *testing.T) string {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}

func (d desk) do(by *engine.Account, kind, typ, id string, set map[string]any) wire.Result {
	d.t.Helper()
	out, err := d.e.Do(context.Background(), by, []engine.Draft{{Type: typ, Record: id, Kind: kind, Set: set}})
	if err != nil {
		d.t.Fatal(err)
	}
	if out[0].Error != nil {
		d.t.Fatalf("%s %s: %v", kind, typ, out[0].Error)
	}
	return out[0]
}

func (d desk) create(typ string, set map[string]any) string {
	id := newID(d.t)
	d.do(engine.Server, wire.KindCreate, typ, id, set)
	return id
}

// standing is "item state" of the household's entitlements, sorted.
func (d desk) standing(household string) []string {
	d.t.Helper()
	var out []string
	for _, r := range d.entitlements(household) {
		out = append(out, r["item"].(string)+" "+r["state"].(string))
	}
	slices.Sort(out)
	return out
}

func (d desk) entitlements(household string) []map[string]any {
	d.t.Helper()
	story, err := d.e.Household(context.Background(), d.by, household)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []map[string]any
	for _, raw := range story.Records["entitlements"] {
		out = append(out, decoded(d.t, raw))
	}
	return out
}

func decoded(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func (d desk) expect(household, what string, want ...string) {
	d.t.Helper()
	if got := d.standing(household); !slices.Equal(got, want) {
		d.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func village(t *testing.T) desk {
	app, e := office(t)
	_, town := set(t, app, e, register.NewAccount{Email: "t@office.test", Name: "宋丽", Role: "town", Office: "370281102", Areas: []string{"370281102"}})
	return desk{t, e, town}
}

func family(d desk, more map[string]any) (household, member string) {
	home := map[string]any{"region": "370281102200", "head_name": "匡树林", "urban": false, "housing_grade": "B"}
	maps.Copy(home, more)
	household = d.create("households", home)
	member = d.create("members", map[string]any{"household": household, "name": "匡树林", "relation": "02", "birth_date": "1950-03-01", "health": "chronic",
		"work_state": "farming", "school_stage": "none", "insured": true})
	return household, member
}

func TestAHouseholdsEntitlementsFollowItsFacts(t *testing.T) {
	d := village(t)
	home, member := family(d, nil)
	d.expect(home, "without a category")
	d.create("categories", map[string]any{"household": home, "category": "subsistence", "from": "2025-01-01"})
	d.expect(home, "低保", "basic_living not_delivered", "insurance_premium not_delivered")
	d.do(engine.Server, wire.KindPatch, "households", home, map[string]any{"housing_grade": "D"})
	d.expect(home, "an unsafe house", "basic_living not_delivered", "housing_rural not_delivered", "insurance_premium not_delivered")
	d.do(engine.Server, wire.KindPatch, "members", member, map[string]any{"self_care_failed": []any{"bathing"}})
	d.expect(home, "cannot bathe", "basic_living not_delivered", "care_service not_delivered", "housing_rural not_delivered", "insurance_premium not_delivered")
	d.create("assistance", map[string]any{"household": home, "item": "basic_living", "state": "given", "given_on": d.e.Now().AddDate(0, 0, -5).Format("2006-01-02")})
	d.create("assistance", map[string]any{"household": home, "item": "housing_rural", "state": "planned"})
	d.expect(home, "something came", "basic_living delivered", "care_service not_delivered", "housing_rural in_progress", "insurance_premium not_delivered")
	d.do(engine.Server, wire.KindPatch, "households", home, map[string]any{"housing_grade": "A"})
	d.expect(home, "the house is mended", "basic_living delivered", "care_service not_delivered", "insurance_premium not_delivered")
	for _, r := range d.entitlements(home) {
		if !strings.HasPrefix(r["reason"].(string), "四(") {
			t.Errorf("%s rests on %q", r["item"], r["reason"])
		}
	}
}

func TestWhatSomebodyDeclinedStaysDeclined(t *testing.T) {
	d := village(t)
	home, _ := family(d, nil)
	d.create("categories", map[string]any{"household": home, "category": "subsistence", "from": "2025-01-01"})
	for _, r := range d.entitlements(home) {
		if r["item"] == "insurance_premium" {
			d.do(engine.Server, wire.KindPatch, "entitlements", r["id"].(string), map[string]any{"state": "declined"})
		}
	}
	d.do(engine.Server, wire.KindPatch, "households", home, map[string]any{"housing_grade": "C"})
	d.expect(home, "after another fact", "basic_living not_delivered", "housing_rural not_delivered", "insurance_premium declined")
}

func TestAnEditThatTheMatrixDoesNotLookAtWritesNothing(t *testing.T) {
	d := village(t)
	home, member := family(d, nil)
	d.create("categories", map[string]any{"household": home, "category": "subsistence", "from": "2025-01-01"})
	before := d.e.Status().Seq
	d.do(engine.Server, wire.KindPatch, "households", home, map[string]any{"phone": "13800000000", "address": "村东头"})
	d.do(engine.Server, wire.KindPatch, "members", member, map[string]any{"nation": "汉族"})
	if n := d.e.Status().Seq - before; n != 2 {
		t.Errorf("%d operations for two edits", n)
	}
}

func TestAReportOfADisasterIsAQuestionUntilTheTownConfirmsIt(t *testing.T) {
	app, e := office(t)
	_, town := set(t, app, e, register.NewAccount{Email: "t@office.test", Name: "宋丽", Role: "town", Office: "370281102", Areas: []string{"370281102"}})
	_, worker := set(t, app, e, villager)
	d := desk{t, e, town}
	home, _ := family(d, map[string]any{"region": villager.Areas[0]})
	d.create("categories", map[string]any{"household": home, "category": "marginal", "from": "2025-01-01"})
	report := func() wire.Result {
		return d.do(worker, wire.KindCreate, "status_changes", newID(t), map[string]any{"household": home, "kind": "disaster", "happened_on": d.e.Now().Format("2006-01-02")})
	}
	first := report()
	d.expect(home, "reported", "disaster_relief to_verify", "insurance_premium not_delivered", "temporary_aid to_verify")
	if _, err := e.Accept(context.Background(), town, []string{first.ID}, ""); err != nil {
		t.Fatal(err)
	}
	d.expect(home, "confirmed", "disaster_relief not_delivered", "insurance_premium not_delivered", "temporary_aid to_verify")
}
