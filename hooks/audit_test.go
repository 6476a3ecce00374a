package hooks

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
)

// lines reads the audit log's newest lines, as action and name.
func (s *site) lines(query string) []string {
	s.t.Helper()
	var out []string
	for _, l := range s.items("auditor", consolePrefix+"/audit"+query) {
		out = append(out, l["action"].(string)+" "+l["name"].(string))
	}
	return out
}

func TestTheAuditLogIsFoundByWhoWhatWhomAboutAndResult(t *testing.T) {
	s := newSite(t)
	own := s.scene("李大", ownVillage, "worker", "worker2", "town")
	far := s.scene("王二", farVillage, "farworker", "farworker2", "fartown")
	s.the(200, "county", "GET", "/households/"+own.household+"/recusals", nil)
	s.the(200, "county", "GET", "/households/"+far.household+"/recusals", nil)
	freshHeld(s, own)
	s.file("town", "households", "")

	about := func(household string) (actions []string, whole string) {
		for _, l := range s.items("auditor", consolePrefix+"/audit?household="+household) {
			actions = append(actions, l["action"].(string))
			whole += l["name"].(string) + " " + l["subject"].(string) + "\n"
		}
		return actions, whole
	}
	mine, words := about(own.household)
	for _, want := range []string{"push", "relative.ties"} {
		if !slices.Contains(mine, want) {
			t.Errorf("about the household there is no %s: %v", want, mine)
		}
	}
	if strings.Contains(words, "farworker") || strings.Contains(words, far.household) {
		t.Errorf("another household's lines are there, too:\n%s", words)
	}
	if got := s.lines("?group=export"); !slices.Equal(got, []string{"list.exported town", "list.export town"}) {
		t.Errorf("exports: %v", got)
	}
	if got := s.lines("?who=farworker&group=sync"); len(got) == 0 || slices.ContainsFunc(got, func(l string) bool { return !strings.Contains(l, "farworker") }) {
		t.Errorf("by who: %v", got)
	}
	if got := s.lines("?who=nobodyatall"); len(got) != 0 {
		t.Errorf("by somebody who is not there: %v", got)
	}
	held := s.items("auditor", consolePrefix+"/audit?result=held")
	if len(held) != 3 || slices.ContainsFunc(held, func(l map[string]any) bool {
		return l["action"] != "push" || l["label"] != "上传改动" || l["outcomes"].(map[string]any)["held"] != 1.0
	}) {
		t.Errorf("by result: %v", held)
	}
	if got := s.lines("?to=2020-01-01"); len(got) != 0 {
		t.Errorf("before there was anything: %v", got)
	}
	if got := s.lines("?from=" + s.today() + "&to=" + s.today()); len(got) < 8 {
		t.Errorf("today: %v", got)
	}
	if got := s.audited("audit.read"); !strings.Contains(strings.Join(got, "\n"), "group=export") {
		t.Errorf("that the log was read is not in it: %v", got)
	}
	s.lines("?group=export")
	if got := strings.Count(strings.Join(s.audited("audit.read"), "\n"), "group=export"); got != 1 {
		t.Errorf("a question asked again at once is entered %d times", got)
	}
	for q, field := range map[string]string{"from=x": "from", "group=x": "group", "result=x": "result", "household=x": "household", "who=" + strings.Repeat("x", 200): "who"} {
		if e := s.the(400, "auditor", "GET", "/audit?"+q, nil)["error"].(obj); e["field"] != field {
			t.Errorf("%s: %v", q, e)
		}
	}
	first := s.ask("auditor", "GET", consolePrefix+"/audit?limit=3", nil)
	page := s.told(first)
	second := s.told(s.ask("auditor", "GET", consolePrefix+"/audit?limit=3&cursor="+page["cursor"].(string), nil))
	if a, b := page["items"].([]any), second["items"].([]any); len(a) != 3 || len(b) != 3 || a[2].(obj)["number"].(float64) <= b[0].(obj)["number"].(float64) {
		t.Errorf("pages: %v %v", a, b)
	}
}

func TestTheCheckOfTheChainSaysWhatItReadAndWhereItBreaks(t *testing.T) {
	s := newSite(t)
	s.scene("李大", ownVillage, "worker", "worker2", "town")
	whole := s.the(200, "auditor", "POST", "/audit/check", obj{})
	if whole["intact"] != true || whole["ops"].(float64) < 5 || whole["audit"].(float64) < 3 || whole["fault"] != "" {
		t.Fatalf("%v", whole)
	}
	s.exec(`DROP TRIGGER sync_audit_unchanged`) // the database refuses otherwise
	s.exec(`UPDATE sync_audit SET account = 'somebody' WHERE id = 2`)
	broken := s.the(200, "auditor", "POST", "/audit/check", obj{})
	if broken["intact"] != false || !strings.Contains(broken["fault"].(string), "第 2 条断链") {
		t.Errorf("%v", broken)
	}
	if got := s.audited("audit.verify"); len(got) != 2 || !strings.Contains(got[0], "哈希链完整") || !strings.Contains(got[1], "断链") {
		t.Errorf("the checks are not in the log: %v", got)
	}
}

// Whatever the log has is told in words: every line that the deeds of a full site leave.
func TestEveryDeedOfTheAuditLogHasItsWord(t *testing.T) {
	on := twoScenes(newSite(t))
	s := on.site
	fill(s, on.own)
	s.the(200, "auditor", "POST", "/audit/check", obj{})
	var unnamed []string
	err := s.server.Engine.View(context.Background(), func(v *engine.View) error {
		rows, err := v.Query(`SELECT DISTINCT action FROM sync_audit`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		n := 0
		for ; rows.Next(); n++ {
			var action string
			if err := rows.Scan(&action); err != nil {
				return err
			}
			if !regexp.MustCompile(`\p{Han}`).MatchString(register.AuditLabel(action)) {
				unnamed = append(unnamed, action)
			}
		}
		if n < 20 {
			t.Errorf("only %d deeds to look at", n)
		}
		return rows.Err()
	})
	if err != nil || len(unnamed) > 0 {
		t.Errorf("without a word in register/audit_table.go: %v %v", unnamed, err)
	}
}
