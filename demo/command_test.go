package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// screen is what a command printed so far.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// site serves a directory as main does, but for the product's own routes.
func site(t *testing.T, dir string) *Site {
	o := open(t, dir)
	return &Site{Office: o, Close: func() {}, Serve: func(ctx context.Context, address string) error {
		o.App.OnServe().BindFunc(func(e *core.ServeEvent) error {
			e.InstallerFunc = nil
			return e.Next()
		})
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			<-ctx.Done()
			_ = o.App.OnTerminate().Trigger(&core.TerminateEvent{App: o.App})
		}()
		err := apis.Serve(o.App, apis.ServeConfig{HttpAddr: address})
		if ctx.Err() != nil {
			<-ended // it still writes the log
		}
		return err
	}}
}

var printedAddress = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`)

func TestTheCommandFillsServesAndShowsWhoCanSignIn(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out := &screen{}
	command := Command(func(dir string) (*Site, error) { return site(t, dir), nil }, func() time.Time { return today })
	command.SetOut(out)
	command.SetArgs([]string{"--dir", t.TempDir(), "--http", "127.0.0.1:0", "--households", "60", "--seed", "5"})
	ended := make(chan error, 1)
	go func() { ended <- command.ExecuteContext(ctx) }()
	address := ""
	for deadline := time.Now().Add(2 * time.Minute); address == "" && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		address = printedAddress.FindString(out.String())
	}
	if address == "" {
		t.Fatalf("no address after two minutes: %s", out)
	}
	if !strings.Contains(out.String(), fmt.Sprintf(strings.TrimPrefix(textProgress, "\r"), 60, 60)) {
		t.Errorf("no progress line: %s", out)
	}
	body, _ := json.Marshal(map[string]string{"identity": "worker@demo.test", "password": Password})
	answer, err := http.Post(address+"/api/collections/users/auth-with-password", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var signedIn struct{ Record map[string]any }
	if err := json.NewDecoder(answer.Body).Decode(&signedIn); err != nil || answer.StatusCode != http.StatusOK || signedIn.Record["role"] != "worker" {
		t.Errorf("signing in: %d %v %v", answer.StatusCode, signedIn, err)
	}
	stop()
	if err := <-ended; err != nil && !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("ended with %v", err)
	}
}

func TestAPortThatIsTakenIsNamedWithTheRemedy(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	out := &screen{}
	command := Command(func(dir string) (*Site, error) { return site(t, dir), nil }, func() time.Time { return today })
	command.SetOut(out)
	command.SetErr(out)
	command.SetArgs([]string{"--dir", t.TempDir(), "--http", taken.Addr().String(), "--households", "5"})
	if err := command.ExecuteContext(ctx); err == nil || !strings.Contains(err.Error(), "--http") || strings.Contains(out.String(), "@demo.test") {
		t.Errorf("%v; printed %s", err, out)
	}
}
