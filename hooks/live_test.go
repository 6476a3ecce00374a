package hooks

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// stream listens to /events and hands on its data lines; it is closed when the
// server ends it.
func (s *site) stream(who, device string) <-chan string {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.t.Cleanup(cancel)
	path := s.url + syncPrefix + "/events"
	if device != "" {
		path += "?device=" + device
	}
	req, err := http.NewRequestWithContext(ctx, "GET", path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.tokens[who])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		s.t.Fatalf("events of %s: %d %v", who, res.StatusCode, res.Header)
	}
	lines := make(chan string, 100)
	ready := make(chan struct{})
	go func() {
		defer close(lines)
		defer func() { _ = res.Body.Close() }()
		in := bufio.NewScanner(res.Body)
		for first := true; in.Scan(); {
			if first {
				first = false
				close(ready)
			}
			if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
				lines <- data
			}
		}
	}()
	<-ready
	return lines
}

func heard(lines <-chan string, wait time.Duration) (text string, open bool) {
	select {
	case text, open = <-lines:
		return text, open
	case <-time.After(wait):
		return "", true
	}
}

func TestAnEventSaysThatSomethingChangedInScopeAndNothingElse(t *testing.T) {
	s := newSite(t)
	own, far := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town"), s.scene("他乡金丝雀", farVillage, "farworker", "farworker2", "fartown")
	ears := map[string]<-chan string{}
	for _, who := range []string{"worker", "worker2", "town", "county", "social", "farworker", "fartown", "auditor"} {
		ears[who] = s.stream(who, "")
	}
	d := s.tablet("worker")
	d.push("applied", d.op("create", "visits", newID(), map[string]any{"household": own.household, "kind": "routine", "visited_on": "2026-11-20"}, nil))
	for who, lines := range ears {
		may := who != "social" && who != "farworker" && who != "fartown"
		text, open := heard(lines, map[bool]time.Duration{true: 5 * time.Second, false: 400 * time.Millisecond}[may])
		if !open || may != (text != "") {
			t.Errorf("%s hears %q, open %v", who, text, open)
		}
		if may && (!strings.HasPrefix(text, `{"seq":`) || len(text) > 40) {
			t.Errorf("%s hears more than that: %q", who, text)
		}
	}
	f := s.tablet("farworker")
	f.push("applied", f.op("create", "visits", newID(), map[string]any{"household": far.household, "kind": "routine", "visited_on": "2026-11-20"}, nil))
	if text, _ := heard(ears["worker"], 400*time.Millisecond); text != "" {
		t.Errorf("a foreign change is heard: %q", text)
	}
	if text, _ := heard(ears["farworker"], 5*time.Second); text == "" {
		t.Error("one's own is not heard")
	}
}

// A grant that comes is heard without a change of any record, and counts from then on.
func TestAStreamFollowsTheGrants(t *testing.T) {
	s := newSite(t)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	ear := s.stream("social", "")
	s.assign("social", own.household)
	if text, _ := heard(ear, 5*time.Second); text == "" {
		t.Error("the grant is not heard")
	}
	d := s.tablet("worker")
	d.push("applied", d.op("create", "visits", newID(), map[string]any{"household": own.household, "kind": "routine", "visited_on": "2026-11-20"}, nil))
	if text, _ := heard(ear, 5*time.Second); text == "" {
		t.Error("a change in the new scope is not heard")
	}
}

func TestAStreamEndsWithItsDeviceAndItsAccount(t *testing.T) {
	s := newSite(t)
	s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	d := s.tablet("worker")
	mine, other, other2 := s.stream("worker", d.id), s.stream("worker", ""), s.stream("worker2", "")
	if r := s.ask("town", "POST", consolePrefix+"/devices/"+d.id+"/revoke", nil); r.status != 200 {
		t.Fatalf("revoke: %d %s", r.status, r.body)
	}
	ends(t, "a revoked device's", mine)
	if r := s.ask("worker", "GET", syncPrefix+"/events?device="+d.id, nil); r.status != 403 || r.code() != "device_revoked" {
		t.Errorf("listening again: %d %s", r.status, r.body)
	}
	s.setAccount("worker", true)
	ends(t, "a disabled account's", other)
	if _, open := heard(other2, 300*time.Millisecond); !open {
		t.Error("a colleague's stream ended, too")
	}
	s.server.Engine.Close()
	ends(t, "a closed engine's", other2)
}

func ends(t *testing.T, whose string, lines <-chan string) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	for {
		select {
		case _, open := <-lines:
			if !open {
				return
			}
		case <-deadline:
			t.Errorf("%s stream goes on", whose)
			return
		}
	}
}

// A device that shows no end is pulled page by page over HTTP, by its own role's
// eyes: a withdrawn grant yields leaves there, too, and a snapshot ends with a
// cursor from which a pull goes on, results included.
func TestASnapshotEndsWithACursorFromWhichAPullGoesOn(t *testing.T) {
	s := newSite(t)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	d2 := own.device
	snapshot := s.ask("worker", "GET", syncPrefix+"/snapshot?device="+d2.id, nil)
	lines := strings.Split(strings.TrimSpace(string(snapshot.body)), "\n")
	last := lines[len(lines)-1]
	if snapshot.status != 200 || !strings.Contains(last, `"kind":"end"`) {
		t.Fatalf("%d, the last line is %s", snapshot.status, last)
	}
	cursor := between(last, `"cursor":"`, `"`)
	r := s.ask("town", "POST", consolePrefix+"/ops/"+own.heldOp+"/reject", map[string]any{"reason": "没有这户"})
	if r.status != 200 {
		t.Fatalf("reject: %d %s", r.status, r.body)
	}
	r = s.ask("worker", "GET", syncPrefix+"/pull?device="+d2.id+"&cursor="+cursor, nil)
	if r.status != 200 || !strings.Contains(string(r.body), "没有这户") || !strings.Contains(string(r.body), `"changes":[]`) {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	out, _, _ := strings.Cut(rest, to)
	return out
}
