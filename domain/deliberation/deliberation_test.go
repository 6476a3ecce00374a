package deliberation

import "testing"

func meeting(change func(*Minutes)) Minutes {
	m := Minutes{ID: "m", Household: "h", Application: "a", Level: "town", Subject: "议题", HeldOn: "2026-11-25", Decision: Agree, Text: "记录", Attendees: []Attendee{
		{ID: "1", Name: "甲", Account: "x", Chair: true, Stance: Agree, Opinion: "同意"}, {ID: "2", Name: "乙", Account: "y", Stance: Agree, Opinion: "同意"},
		{ID: "3", Name: "丙", Unit: "村委会", Stance: "abstain", Opinion: "保留"}}}
	if change != nil {
		change(&m)
	}
	return m
}

// 三(四) 集体研究: each rule of the table is broken by one change, and by no other.
func TestEachRuleIsBrokenByOneThing(t *testing.T) {
	if broken, ok := Fault(meeting(nil), 3); !ok {
		t.Fatalf("good minutes break %s", broken.Code)
	}
	for code, change := range map[string]func(*Minutes){
		"least":    func(m *Minutes) { m.Attendees = m.Attendees[:2] },
		"chair":    func(m *Minutes) { m.Attendees[1].Chair = true },
		"twice":    func(m *Minutes) { m.Attendees[1].Account = "x" },
		"accounts": func(m *Minutes) { m.Attendees[1].Account = "" },
		"opinion":  func(m *Minutes) { m.Attendees[2].Opinion = "" },
		"majority": func(m *Minutes) { m.Attendees[1].Stance = "abstain" },
		"carried":  func(m *Minutes) { m.Decision = Disagree },
		"proposal": func(m *Minutes) { m.Application, m.Awards = "", []Award{} },
	} {
		broken, ok := Fault(meeting(change), 3)
		if ok || broken.Code != code || broken.Clause == "" || broken.Origin == "" {
			t.Errorf("%s: %+v, %v", code, broken.Code, ok)
		}
	}
	if len(Rules()) != 8 {
		t.Errorf("%d rules, some without a row in this test", len(Rules()))
	}
}

func TestHalfIsNoMajority(t *testing.T) {
	for _, c := range []struct {
		stances  []string
		decision string
		ok       bool
	}{
		{[]string{Agree, Agree, Disagree, Disagree}, Agree, false}, {[]string{Agree, Agree, Disagree, Disagree}, Disagree, true},
		{[]string{Agree, Agree, Agree, Disagree}, Agree, true}, {[]string{Agree, Agree, Agree, Disagree}, Again, true}, {[]string{Disagree, Disagree, Disagree}, Again, true},
	} {
		m := meeting(func(m *Minutes) {
			m.Attendees, m.Decision = nil, c.decision
			for i, s := range c.stances {
				m.Attendees = append(m.Attendees, Attendee{Name: string(rune('a' + i)), Account: string(rune('a' + i)), Chair: i == 0, Stance: s, Opinion: "x"})
			}
		})
		if broken, ok := Fault(m, 3); ok != c.ok {
			t.Errorf("%v %s: %s", c.stances, c.decision, broken.Code)
		}
	}
}

// Whatever is changed in signed minutes is another digest.
func TestADigestStandsForEachWord(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*Minutes){
		"as it is": nil, "text": func(m *Minutes) { m.Text += "。" }, "opinion": func(m *Minutes) { m.Attendees[2].Opinion = "同意" }, "day": func(m *Minutes) { m.HeldOn = "2026-11-24" },
		"decision": func(m *Minutes) { m.Decision = Again }, "none awarded": func(m *Minutes) { m.Awards = []Award{} }, "awarded": func(m *Minutes) { m.Awards = []Award{{Category: "marginal"}} },
		"household": func(m *Minutes) { m.Household = "i" }, "one less": func(m *Minutes) { m.Attendees = m.Attendees[:2] },
	} {
		d, err := meeting(change).Digest()
		if err != nil || len(d) != 64 || seen[d] != "" {
			t.Errorf("%s: %s as %s, %v", name, d, seen[d], err)
		}
		seen[d] = name
	}
}

func TestAMeetingIsAskedForWhereTheCountySays(t *testing.T) {
	for _, g := range Grounds() {
		holds := func(code string) bool { return code == g.Code }
		on, off := func(string) float64 { return 1 }, func(string) float64 { return 0 }
		if asked := Asked(holds, on); len(asked) != 1 || asked[0].Code != g.Code || asked[0].Clause == "" {
			t.Errorf("%s: %v", g.Code, asked)
		}
		if len(Asked(holds, off)) != 0 || len(Asked(func(string) bool { return false }, on)) != 0 {
			t.Errorf("%s is asked for without need", g.Code)
		}
	}
	for _, c := range []struct {
		state, decision string
		want            bool
	}{{Signed, Agree, true}, {Signed, Disagree, true}, {Signed, Again, false}, {Signing, Agree, false}, {Replaced, Agree, false}, {Void, Agree, false}} {
		if IsGround(c.state, c.decision) != c.want {
			t.Errorf("%s %s", c.state, c.decision)
		}
	}
}
