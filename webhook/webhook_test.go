package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func key(t *testing.T) Key {
	t.Helper()
	k, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The example of the Standard Webhooks specification's libraries: whoever has one of
// them can check ours.
func TestTheSignatureIsThatOfStandardWebhooks(t *testing.T) {
	k, err := ParseKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`), k)
	if got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("got %s", got)
	}
}

func TestAKeyIsReadBackAndAForeignTextIsNone(t *testing.T) {
	k := key(t)
	if again, err := ParseKey(k.String()); err != nil || !bytes.Equal(again, k) {
		t.Errorf("%v %v", again, err)
	}
	for _, text := range []string{"", "abc", "whsec_", "whsec_***", "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 23)), "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65))} {
		if _, err := ParseKey(text); err == nil {
			t.Errorf("%q is a key", text)
		}
	}
	if _, err := NewKey(bytes.NewReader(make([]byte, 5))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("too little randomness: %v", err)
	}
}

func TestOnlyHTTPSOrThisMachineIsTold(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://jy.example.test/hook": true, "https://10.1.2.3:8443/x?y=1": true, "http://127.0.0.1:9000/": true, "http://localhost:9000/hook": true, "http://[::1]:9000/": true,
		"http://jy.example.test/hook": false, "http://10.1.2.3/": false, "http://127.0.0.1.example.test/": false, "ftp://127.0.0.1/": false, "https://": false, "": false,
		"https://user:pass@jy.example.test/": false, "https://jy.example.test/#x": false, "/hook": false, "javascript:alert(1)": false, "https://x/" + strings.Repeat("a", 500): false,
	} {
		if err := CheckTarget(address); (err == nil) != ok {
			t.Errorf("%.60s: %v", address, err)
		}
	}
}

func TestRetriesAreFewAndGrow(t *testing.T) {
	var total, before time.Duration
	for n := 1; n < Attempts; n++ {
		w, ok := Wait(n, 0)
		late, _ := Wait(n, 1)
		if !ok || w <= before || late > w+w/5 || late <= w {
			t.Errorf("after attempt %d: %s to %s", n, w, late)
		}
		before, total = w, total+w
	}
	if _, ok := Wait(Attempts, 0); ok || total > 4*24*time.Hour {
		t.Errorf("it goes on after %d attempts, %s", Attempts, total)
	}
	if _, ok := Wait(0, 0); ok {
		t.Error("there is a wait before the first")
	}
}

// heard answers by what is asked for in the path.
type heard struct {
	requests atomic.Int32
	last     atomic.Pointer[http.Request]
	body     atomic.Value
	hang     chan struct{}
}

func (h *heard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.requests.Add(1)
	body, _ := io.ReadAll(r.Body)
	h.last.Store(r)
	h.body.Store(body)
	switch r.URL.Path {
	case "/hang":
		<-h.hang
	case "/redirect":
		http.Redirect(w, r, "/ok", http.StatusTemporaryRedirect)
	case "/endless":
		for {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	default:
		status, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		w.WriteHeader(status)
	}
}

// hangs is after how long an attempt is given up: long enough for a slow machine's other ones.
const hangs = 3 * time.Second

func TestAnAttemptSaysWhatCameOfIt(t *testing.T) {
	h := &heard{hang: make(chan struct{})}
	server := httptest.NewServer(h)
	defer server.Close()
	defer close(h.hang)
	gone := httptest.NewServer(h)
	gone.Close()
	s := NewSender(time.Now, hangs, nil)
	for _, c := range []struct {
		target string
		status int
		fault  string
		final  bool
		heard  int32
	}{
		{server.URL + "/200", 200, "", false, 1}, {server.URL + "/204", 204, "", false, 1}, {server.URL + "/500", 500, Refused, false, 1}, {server.URL + "/404", 404, Refused, false, 1},
		{server.URL + "/429", 429, Refused, false, 1}, {server.URL + "/410", 410, Gone, true, 1}, {server.URL + "/redirect", 307, Redirected, false, 1},
		{server.URL + "/hang", 0, TimedOut, false, 1}, {server.URL + "/endless", 200, "", false, 1}, {gone.URL + "/200", 0, Unreachable, false, 0},
		{"http://jy.example.test/", 0, BadTarget, true, 0},
	} {
		before := h.requests.Load()
		a := s.Post(context.Background(), c.target, "msg_1", []byte(`{}`), key(t))
		if a.Status != c.status || a.Fault != c.fault || a.Delivered() != (c.fault == "") || a.Final() != c.final || h.requests.Load()-before != c.heard {
			t.Errorf("%s: %+v, heard %d", c.target, a, h.requests.Load()-before)
		}
	}
	if a := s.Post(context.Background(), server.URL+"/200", "msg_1", nil); a.Fault != BadTarget {
		t.Errorf("unsigned: %+v", a)
	}
}

// The receiver's side, written anew: either of two keys opens what both signed.
func TestEitherOfTwoValidKeysChecks(t *testing.T) {
	h := &heard{}
	server := httptest.NewServer(h)
	defer server.Close()
	at := time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)
	s := NewSender(func() time.Time { return at }, hangs, nil)
	young, old, foreign := key(t), key(t), key(t)
	if a := s.Post(context.Background(), server.URL+"/200", "msg_7", []byte(`{"type":"referral.sent"}`), young, old); !a.Delivered() {
		t.Fatalf("%+v", a)
	}
	r := h.last.Load()
	if r.Header.Get("Content-Type") != "application/json" || r.Header.Get("webhook-id") != "msg_7" || r.Header.Get("webhook-timestamp") != strconv.FormatInt(at.Unix(), 10) {
		t.Errorf("headers %v", r.Header)
	}
	checks := func(k Key) bool {
		mac := hmac.New(sha256.New, k)
		mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "."))
		mac.Write(h.body.Load().([]byte))
		for _, one := range strings.Fields(r.Header.Get("webhook-signature")) {
			version, signature, _ := strings.Cut(one, ",")
			given, err := base64.StdEncoding.DecodeString(signature)
			if version == "v1" && err == nil && hmac.Equal(given, mac.Sum(nil)) {
				return true
			}
		}
		return false
	}
	if !checks(young) || !checks(old) || checks(foreign) {
		t.Errorf("young %v, old %v, foreign %v", checks(young), checks(old), checks(foreign))
	}
}

func TestACertificateThatNobodyTrustsIsNotTold(t *testing.T) {
	h := &heard{}
	server := httptest.NewTLSServer(h)
	server.Config.ErrorLog = nil
	defer server.Close()
	if a := NewSender(time.Now, time.Second, nil).Post(context.Background(), server.URL+"/200", "m", nil, key(t)); a.Fault != Untrusted || h.requests.Load() != 0 {
		t.Errorf("%+v, heard %d", a, h.requests.Load())
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	if a := NewSender(time.Now, time.Second, roots).Post(context.Background(), server.URL+"/200", "m", nil, key(t)); !a.Delivered() {
		t.Errorf("%+v", a)
	}
}

// A connection that ends in the middle is no delivery.
func TestAnAnswerThatBreaksOffIsNoDelivery(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1))
			_ = c.Close()
		}
	}()
	if a := NewSender(time.Now, time.Second, nil).Post(context.Background(), "http://"+l.Addr().String()+"/", "m", []byte("{}"), key(t)); a.Fault != Unreachable {
		t.Errorf("%+v", a)
	}
}
