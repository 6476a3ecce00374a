package hooks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What a household is granted while the other county has its offer does not travel: who
// offered it reads so in time, and the other county is told when the household is given.
func TestWhatIsGrantedAfterAnOfferIsSaidOnBothSides(t *testing.T) {
	m, a, b := newMail(t, theDay)
	home, _ := moving(a, "E13900041")
	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	if out := a.the(200, "town", "POST", "/handovers", o); len(out["since"].([]any)) > 0 {
		t.Errorf("nothing was granted since: %v", out["since"])
	}
	m.round()
	a.enter("create", "categories", newID(), obj{"household": home, "category": "rigid_expense", "from": "2026-11-23"})
	a.enter("create", "categories", newID(), obj{"household": home, "category": "marginal", "from": "2026-11-01", "to": "2026-11-20"}) // over already
	if out := a.the(200, "town", "GET", "/handovers/"+id, nil); fmt.Sprint(out["since"]) != "[刚性支出困难家庭(自2026-11-23)]" {
		t.Errorf("%v", out["since"])
	}
	theirs := b.the(200, "county", "POST", "/handovers/"+id+"/accept", takenIn)["household"].(string)
	m.round()
	m.again("370281")
	said := "提出转出以后又认定了刚性支出困难家庭(自2026-11-23)，没有随同转来"
	for who, s := range map[string]*site{"town": a, "county": b} {
		if got := fmt.Sprint(s.the(200, who, "GET", "/handovers/"+id, nil)["steps"]); strings.Count(got, said) != 1 {
			t.Errorf("%s: %v", who, got)
		}
	}
	if got := fmt.Sprint(b.household(theirs).List("remarks")); strings.Count(got, said) != 1 {
		t.Errorf("the household's page does not tell: %v", got)
	}
	if got := b.held(theirs); !slices.Equal(got, []string{"subsistence 2026-12-01 "}) {
		t.Errorf("%v", got)
	}
	if got := a.the(200, "town", "GET", "/handovers/"+id, nil); got["since"] != nil {
		t.Errorf("it is over, and still warns: %v", got["since"])
	}
}
