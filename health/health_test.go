package health

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestADiskIsFullBelowTheReserveAndHealsByItself(t *testing.T) {
	now, free, asked := time.Unix(0, 0), int64(100), 0
	var broken error
	d := &Disk{Reserve: 50, Free: func(string) (int64, error) { asked++; return free, broken }, Now: func() time.Time { return now }}
	for _, c := range []struct {
		name   string
		after  time.Duration
		free   int64
		broken error
		want   bool
	}{
		{"room", 0, 100, nil, false},
		{"less, within the same second", 999 * time.Millisecond, 10, nil, false},
		{"less", time.Millisecond, 49, nil, true},
		{"just enough", time.Second, 50, nil, false},
		{"a disk that cannot be measured", time.Second, 0, errors.New("gone"), false},
		{"less again", time.Second, 0, nil, true},
		{"the clock went back", -time.Hour, 60, nil, false},
	} {
		now, free, broken = now.Add(c.after), c.free, c.broken
		if got := d.Full(); got != c.want {
			t.Errorf("%s: full is %t", c.name, !c.want)
		}
	}
	if asked != 6 {
		t.Errorf("measured %d times, not 6", asked)
	}
}

func TestReadinessIsAskedOnceForAllWhoLookAndAHangingCheckFails(t *testing.T) {
	now := time.Unix(0, 0)
	var asked atomic.Int32
	var told []string
	var fault error
	r := &Ready{Now: func() time.Time { return now }, Tell: func(check string, _ error) { told = append(told, check) },
		Checks: []Check{{"well", func(context.Context) error { asked.Add(1); return nil }}, {"ill", func(context.Context) error { return fault }}}}
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	for range 5 {
		if failed := r.Failed(gone); len(failed) > 0 {
			t.Errorf("ready, though a caller hung up: %v", failed)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	fault, now = errors.New("disk"), now.Add(askedFor)
	if failed := r.Failed(t.Context()); len(failed) != 1 || failed[0] != "ill" || len(told) != 1 {
		t.Errorf("failed %v, told %v", failed, told)
	}
	fault, now = nil, now.Add(askedFor)
	if failed := r.Failed(t.Context()); len(failed) > 0 {
		t.Errorf("healed: %v", failed)
	}
	r.End()
	if failed := r.Failed(t.Context()); len(failed) != 1 {
		t.Errorf("a server that ends is ready: %v", failed)
	}
	hangs := make(chan struct{})
	defer close(hangs)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := within(context.WithoutCancel(ctx), func(ctx context.Context) error {
		if _, bounded := ctx.Deadline(); !bounded {
			return nil
		}
		return errors.New("bounded")
	}); err == nil {
		t.Error("a check has no time limit")
	}
}

func TestThePrivatePageIsForThisMachineOrTheToken(t *testing.T) {
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "numbers") })
	for _, c := range []struct {
		name, from, token, given, header string
		proxy                            bool
		want                             int
	}{
		{"this machine", "127.0.0.1:5", "", "", "", false, 200},
		{"this machine by IPv6", "[::1]:5", "", "", "", false, 200},
		{"another", "10.1.2.3:5", "", "", "", false, 404},
		{"another with the token", "10.1.2.3:5", "secret", "Bearer secret", "", false, 200},
		{"another with none where none is set", "10.1.2.3:5", "", "Bearer ", "", false, 404},
		{"another with a longer one", "10.1.2.3:5", "secret", "Bearer secrets", "", false, 404},
		{"a proxy on this machine", "127.0.0.1:5", "", "", "", true, 404},
		{"a proxy on this machine, with the token", "127.0.0.1:5", "secret", "Bearer secret", "", true, 200},
		{"a proxy that nobody configured", "127.0.0.1:5", "", "", "Via", false, 404},
		{"an address that is none", "@", "", "", "", false, 404},
	} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = c.from
		if c.given != "" {
			r.Header.Set("Authorization", c.given)
		}
		if c.header != "" {
			r.Header.Set(c.header, "x")
		}
		w := httptest.NewRecorder()
		Private(page, c.token, c.proxy).ServeHTTP(w, r)
		if w.Code != c.want || w.Code != 200 && strings.Contains(w.Body.String(), "numbers") {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.want)
		}
	}
}

func TestALabelHasABoundAndABrokenGaugeHidesNoOther(t *testing.T) {
	m := NewMetrics()
	m.Watch(
		Gauge{Name: "wide", Help: "x", Label: "of", Ask: func() (map[string]float64, error) {
			out := map[string]float64{}
			for i := range 10 * maxValues {
				out[fmt.Sprint(i)] = 1
			}
			return out, nil
		}},
		Gauge{Name: "broken", Help: "x", Ask: func() (map[string]float64, error) { return nil, errors.New("no") }},
		Gauge{Name: "whole", Help: "x", Ask: func() (map[string]float64, error) { return One(7), nil }})
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text, _ := io.ReadAll(w.Result().Body)
	if n := strings.Count(string(text), "doorstep_wide{"); n != maxValues {
		t.Errorf("%d values of one label", n)
	}
	if w.Code != 200 || !strings.Contains(string(text), "doorstep_whole 7") || strings.Contains(string(text), "doorstep_broken ") {
		t.Errorf("%d %s", w.Code, text)
	}
}

func TestGaugesOfOneLookAreReadOffOneAnswer(t *testing.T) {
	m, looks := NewMetrics(), 0
	var broken error
	half := func(n int) float64 { return float64(n) / 2 }
	Look(m, func() (int, error) { looks++; return 7 * looks, broken },
		Reading[int]{Name: "whole", Help: "x", Of: func(n int) float64 { return float64(n) }}, Reading[int]{Name: "half", Help: "x", Of: half})
	page := func() string {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		return w.Body.String()
	}
	if text := page(); looks != 1 || !strings.Contains(text, "doorstep_whole 7\n") || !strings.Contains(text, "doorstep_half 3.5\n") {
		t.Errorf("after %d looks:\n%s", looks, text)
	}
	broken = errors.New("away")
	if text := page(); looks != 2 || strings.Contains(text, "doorstep_whole") || !strings.Contains(text, "go_goroutines") {
		t.Errorf("after %d looks, of which the last failed:\n%s", looks, text)
	}
}

func TestNumbersOfPeopleAreStruckOutAndOthersStay(t *testing.T) {
	for text, want := range map[string]string{
		"id 370281195001011239 twice":                    "id *** twice",
		"370281195001011239,37028119500101123X 1":        "***,*** 1",
		"(13905320001)":                                  "(***)",
		"old 370281500101123.":                           "old ***.",
		"seq 1234567 at 1795680000000":                   "seq 1234567 at 1795680000000",
		"0193f0f2-1111-7111-8111-139053200011":           "0193f0f2-1111-7111-8111-139053200011",
		"hash a370281195001011239b of 37028119500101123": "hash a370281195001011239b of 37028119500101123",
	} {
		if got := Strike(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTheLogStrikesWhereverANumberStands(t *testing.T) {
	for _, asJSON := range []bool{true, false} {
		var out bytes.Buffer
		log := NewLog(&out, asJSON, slog.LevelInfo)
		const number = "370281195001011239"
		log.With("of", number).WithGroup("g").Info("about "+number, "text", number, "err", errors.New(number), "any", []string{number}, slog.Group("in", "deep", number), "n", 12)
		log.Debug("not this")
		text := out.String()
		if strings.Contains(text, number) || strings.Count(text, "***") != 6 || !strings.Contains(text, "12") || strings.Contains(text, "not this") {
			t.Errorf("json %t: %s", asJSON, text)
		}
	}
}
