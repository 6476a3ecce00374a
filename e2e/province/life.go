package main

import (
	"fmt"
	"time"

	"doorstep/domain/assistance"
	"doorstep/domain/indicator"
)

// day is a day before today, or after it.
func day(ago int) string { return time.Now().AddDate(0, 0, -ago).Format(time.DateOnly) }

// life is a household with a year of what happened to it; the further a county stands in
// the list, the worse it keeps its days.
func life(put func(typ, record, home, area string, values map[string]any), home, area string, i, place int) {
	visited := map[bool]string{true: day(400), false: day(i * 7 % 200)}[i%11 < place]
	if i%29 == 28 {
		visited = ""
	}
	put("households", home, home, area, map[string]any{"state": "active", "last_visited": visited})
	kinds := []string{"subsistence", "subsistence", "destitute", "marginal", "rigid_expense", "relapse_risk", "other"}
	put("categories", home+"-c", home, area, map[string]any{"category": kinds[i%len(kinds)], "from": day(30 + i*37%420)})
	if i%8 == 0 { // something that was and is over
		put("categories", home+"-d", home, area, map[string]any{"category": "marginal", "from": day(700), "to": day(20 + i*31%330)})
	}
	rows := indicator.All()
	for n := range 1 + i%3 {
		came := 3 + (i*53+n*97)%360
		w := map[string]any{"indicator": rows[(i*3+n*5)%14].Code, "created": day(came), "state": "delivered", "handled_by": true, "handled_on": day(max(0, came-12))}
		switch (i + n) % 6 {
		case 0:
			w = map[string]any{"indicator": w["indicator"], "created": w["created"], "state": "open", "due_on": map[bool]string{true: day(9), false: day(-9)}[i%7 <= place/2]}
		case 1:
			w["state"] = "no_help"
		case 2:
			w["state"] = "unconfirmed"
		case 3:
			w["state"] = "ended"
			if i%2 == 0 {
				delete(w, "handled_by") // by itself
			}
		}
		put("warnings", fmt.Sprintf("%s-w%d", home, n), home, area, w)
	}
	items := assistance.All()
	for n := range 3 {
		state := []string{"delivered", "delivered", "in_progress", "not_delivered"}[(i+n*3)%4]
		if (i+n)%9 < place {
			state = "not_delivered"
		}
		put("entitlements", fmt.Sprintf("%s-e%d", home, n), home, area, map[string]any{"item": items[(i*5+n*7)%len(items)].Code, "state": state})
	}
	for month := range 12 {
		if (i+month)%3 == 0 {
			item := "basic_living"
			if month%5 == 0 {
				item = items[(i+month)%len(items)].Code
			}
			put("assistance", fmt.Sprintf("%s-a%d", home, month), home, area, map[string]any{"item": item, "state": "given", "given_on": day(month * 30), "amount": 400 + i%7*83})
		}
	}
	if i%23 == 0 {
		put("referrals", home+"-r", home, area, map[string]any{"due_on": day(-20 + 40*(i%2))})
	}
}
