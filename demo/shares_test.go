package demo

import (
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/domain/region"
)

// tally is a county counted.
type tally struct {
	households, people, living, earning, poorEarning, assigned, photos int
	records, villages, categories, forms, items, states, warnings      map[string]int
	overdue, due, done                                                 int
}

func count(c Config) tally {
	n := tally{records: map[string]int{}, villages: map[string]int{}, categories: map[string]int{}, forms: map[string]int{},
		items: map[string]int{}, states: map[string]int{}, warnings: map[string]int{}}
	for b := range Build(c) {
		n.households++
		n.villages[b.Region]++
		n.photos += len(b.Photos)
		if b.Assigned {
			n.assigned++
		}
		earner := false
		for _, op := range b.Operations {
			n.records[op.Type]++
			n.count(op)
			earner = earner || op.Type == "members" && op.Set["earner"] == true && op.Set["alive"] == true
		}
		if earner {
			n.earning++
			if b.Operations[0].Set["monthly_income"].(float64) <= 1 {
				n.poorEarning++
			}
		}
	}
	return n
}

// large is the county of 3,000, counted once for all tests.
var large = sync.OnceValue(func() tally { return count(config(3000)) })

func (n *tally) count(op Operation) {
	text := func(name string) string { s, _ := op.Set[name].(string); return s }
	day := today.Format(time.DateOnly)
	switch op.Type {
	case "members":
		n.people++
		if op.Set["alive"] == true {
			n.living++
		}
	case "categories":
		if text("to") == "" || text("to") >= day {
			n.categories[text("category")]++
			n.forms[text("support_form")]++
		}
	case "tasks":
		switch {
		case text("state") == "done":
			n.done++
		case text("due_on") < day:
			n.overdue++
		default:
			n.due++
		}
	case "warnings":
		n.warnings[text("state")]++
	case "entitlements":
		n.states[text("state")]++
	case "assistance":
		n.items[text("item")]++
	}
}

func TestTheCountyHasTheSharesOfALowIncomeRegister(t *testing.T) {
	n := large()
	per := func(part int) float64 { return float64(part) / float64(n.households) }
	for _, c := range []struct {
		what      string
		got       float64
		low, high float64
	}{
		{"living persons a household", per(n.living), 1.8, 2.2},
		{"visits a household", per(n.records["visits"]), 3.6, 4.4},
		{"assistance rows a household", per(n.records["assistance"]), 3, 6},
		{"low-income households on 低保", per(n.categories["subsistence"]), .40, .60},
		{"特困", per(n.categories["destitute"]), .10, .22},
		{"低保边缘", per(n.categories["marginal"]), .12, .25},
		{"刚性支出", per(n.categories["rigid_expense"]), .03, .10},
		{"防止返贫", per(n.categories["relapse_risk"]), .02, .08},
		{"其他困难", per(n.categories["other"]), .04, .12},
		{"集中供养 among 特困", float64(n.forms["central"]) / float64(n.categories["destitute"]), .10, .30},
		{"households with a living earner", per(n.earning), .5, .95},
		{"open tasks, overdue", per(n.overdue), .04, .15},
		{"open tasks, not yet due", per(n.due), .15, .35},
		{"open warnings", per(n.warnings["open"]), .005, .08},
		{"items not delivered", float64(n.states["not_delivered"]) / float64(n.records["entitlements"]), .02, .12},
		{"items to verify", float64(n.states["to_verify"]) / float64(n.records["entitlements"]), .02, .12},
	} {
		if c.got < c.low || c.got > c.high {
			t.Errorf("%s: %.3f, want %.2f to %.2f", c.what, c.got, c.low, c.high)
		}
	}
	if n.poorEarning > 0 {
		t.Errorf("%d households with an earner have no income to lose", n.poorEarning)
	}
	for _, kind := range []string{"households", "members", "visits", "status_changes", "followups", "photos", "tasks", "categories", "entitlements", "applications", "warnings", "assistance"} {
		if n.records[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
}

func TestTheAccountsVillagesAreFullEnough(t *testing.T) {
	for households, n := range map[int]tally{300: count(config(300)), 3000: large()} {
		if n.households != households {
			t.Errorf("%d households, %d asked for", n.households, households)
		}
		other := 0
		for code, k := range n.villages {
			if strings.HasPrefix(code, OtherTown) {
				other += k
			}
			if _, ok := region.Lookup(code); !ok {
				t.Errorf("no village %s", code)
			}
		}
		if n.villages[WorkerVillage] < 25 || n.villages[NeighborVillage] < 15 || other < 5 || n.assigned < 8 {
			t.Errorf("%d: worker %d, neighbor %d, other town %d, assigned %d", households, n.villages[WorkerVillage], n.villages[NeighborVillage], other, n.assigned)
		}
		for code, k := range n.villages {
			if k > 130 {
				t.Errorf("%d households in %s", k, code)
			}
		}
	}
	if region.Town(WorkerVillage) != HomeTown || region.Town(NeighborVillage) != HomeTown || OtherTown == HomeTown {
		t.Error("the towns are wrong")
	}
}

func TestAnyNumberOfHouseholdsIsBuilt(t *testing.T) {
	for _, households := range []int{-1, 0, 1, 7, 59, 60} {
		n := 0
		for range Build(config(households)) {
			n++
		}
		if n != max(households, 0) {
			t.Errorf("%d asked for, %d built", households, n)
		}
	}
	for range Build(config(50)) {
		break // a reader may stop early
	}
}

func TestHalfOfTheWorkersHouseholdsHaveAnEarnerWithIncomeToLose(t *testing.T) {
	households, earning := 0, 0
	for b := range Build(config(300)) {
		if b.Region != WorkerVillage {
			continue
		}
		households++
		for _, op := range b.Operations {
			if op.Type == "members" && op.Set["earner"] == true && op.Set["alive"] == true {
				earning++
				break
			}
		}
	}
	if 2*earning < households {
		t.Errorf("%d of %d", earning, households)
	}
}

// Facts of one household must not contradict each other.
func TestHouseholdsAreConsistent(t *testing.T) {
	for b := range Build(config(1500)) {
		home := b.Operations[0].Set
		category, heads, sum := "", 0.0, 0.0
		for _, op := range b.Operations {
			switch op.Type {
			case "members":
				if op.Set["alive"] == true {
					heads++
					sum += op.Set["monthly_income"].(float64)
				} else if op.Set["death_date"] == nil || op.Set["earner"] == true {
					t.Errorf("%s: dead without a date, or earning", b.Household)
				}
				if op.Set["earner"] == true && op.Set["capacity_to_work"] == "none" {
					t.Errorf("%s: earns without capacity to work", b.Household)
				}
			case "categories":
				if op.Set["to"] == nil || op.Set["category"] == "rigid_expense" {
					if op.Set["member"] == nil {
						category = op.Set["category"].(string)
					}
				}
			case "visits":
				if home["last_visited"] != nil && op.Set["outcome"] == "met" && op.Set["visited_on"].(string) > home["last_visited"].(string) {
					t.Errorf("%s: met after last_visited", b.Household)
				}
				if len(op.Set["visitors"].([]any)) != map[bool]int{true: 2, false: 1}[op.Set["kind"] == "investigation"] {
					t.Errorf("%s: visitors %v", b.Household, op.Set["visitors"])
				}
			}
		}
		income := home["monthly_income"].(float64)
		if income != sum {
			t.Errorf("%s: income %v, members' sum %v", b.Household, income, sum)
		}
		if home["lives_alone"] == true && heads != 1 {
			t.Errorf("%s: lives alone with %v", b.Household, heads)
		}
		perHead := income / heads
		ok := map[string]bool{
			"destitute": income == 0, "subsistence": perHead < exampleSubsistence,
			"marginal":      perHead < exampleMarginal,
			"rigid_expense": perHead < exampleDisposable && home["rigid_cost_12m"].(float64) >= .8*12*income,
			"relapse_risk":  true, "other": true,
		}[category]
		if !ok {
			t.Errorf("%s: %s with %v a head", b.Household, category, perHead)
		}
	}
}
