package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// send makes one request with these headers, without following anything.
func send(t *testing.T, method, url string, body any, header ...string) (*http.Response, []byte) {
	t.Helper()
	var raw []byte
	if body != nil {
		raw, _ = json.Marshal(body)
	}
	req, err := http.NewRequest(method, url, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out bytes.Buffer
	if _, err := out.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res, out.Bytes()
}

// A page of another origin reads nothing here, and is not told that it might.
func TestPagesOfOtherOriginsAreToldNothing(t *testing.T) {
	for _, origin := range []string{"https://evil.test", "null", "http://127.0.0.1:1", "http://" + home.addr + ".evil.test"} {
		for _, path := range []string{"/api/sync/v1/pull", "/api/sync/v1/push", "/api/console/v1/summary", "/api/collections/users/auth-with-password", "/", "/console/"} {
			for _, method := range []string{"OPTIONS", "GET"} {
				res, _ := send(t, method, home.url()+path, nil, "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization")
				if got := res.Header.Get("Access-Control-Allow-Origin"); got != "" {
					t.Errorf("%s %s from %s: Access-Control-Allow-Origin %q", method, path, origin, got)
				}
			}
		}
	}
}

// Both apps load nothing from elsewhere, run nothing that is not in a file of theirs, and
// stand in nobody's frame; PocketBase's dashboard is not served.
func TestTheAppsAreServedUnderAStrictPolicy(t *testing.T) {
	for path, wants := range map[string][]string{
		"/":         {"default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "connect-src 'self'"},
		"/console/": {"default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self' 'sha256-", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "connect-src 'self'"},
	} {
		res, page := send(t, "GET", home.url()+path, nil)
		policy := res.Header.Get("Content-Security-Policy")
		for _, want := range wants {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: %q lacks %q", path, policy, want)
			}
		}
		if strings.Contains(policy, "'unsafe-eval'") || strings.Contains(policy, "style-src 'self' 'unsafe-inline'") || strings.Contains(policy, "http") {
			t.Errorf("%s: %q", path, policy)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s %q", path, name, got)
			}
		}
		if res.StatusCode != 200 || bytes.Contains(page, []byte("<style")) || bytes.Contains(page, []byte(" style=")) || bytes.Contains(page, []byte("<script>")) {
			t.Errorf("%s: %d, or something inline: %s", path, res.StatusCode, page)
		}
	}
	for _, path := range []string{"/_/", "/_/index.html", "/_"} {
		if res, body := send(t, "GET", home.url()+path, nil); res.StatusCode != 403 {
			t.Errorf("%s: %d %.80s", path, res.StatusCode, body)
		}
	}
}

// originSeen is from where the server thinks that a sign-in came.
func originSeen(t *testing.T, forwarded string) string {
	t.Helper()
	_, body := send(t, "POST", home.url()+"/api/collections/users/auth-with-password", map[string]any{"identity": "auditor@demo.test", "password": "Demo-2026-visit"}, "X-Forwarded-For", forwarded)
	var in struct{ Token string }
	if err := json.Unmarshal(body, &in); err != nil || in.Token == "" {
		t.Fatalf("%s %v", body, err)
	}
	_, body = send(t, "GET", home.url()+"/api/console/v1/own/account", nil, "Authorization", "Bearer "+in.Token)
	var own struct {
		Sessions []struct {
			Origin  string
			Current bool
		}
	}
	if err := json.Unmarshal(body, &own); err != nil {
		t.Fatalf("%s %v", body, err)
	}
	for _, s := range own.Sessions {
		if s.Current {
			return s.Origin
		}
	}
	t.Fatalf("no session: %s", body)
	return ""
}

// X-Forwarded-For is anybody's to write: it is believed only where a proxy of ours is said
// to stand in front, and there its last entry alone, which the proxy wrote.
func TestTheCallersAddressIsBelievedOnlyFromAProxyOfOurs(t *testing.T) {
	if got := originSeen(t, "203.0.113.7"); got != "127.0.0.1" {
		t.Errorf("without a proxy: %s", got)
	}
	home.stop()
	cmd := exec.Command(home.bin, "serve", "--http", home.addr, "--dir", home.dir, "--behind-proxy")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if err := home.start(); err != nil {
			t.Fatal(err)
		}
	})
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if res, err := http.Get(home.url() + "/api/health"); err == nil {
			_ = res.Body.Close()
			break
		}
		if time.Now().After(end) {
			t.Fatal("the server did not answer")
		}
	}
	if got := originSeen(t, "203.0.113.7, 10.1.2.3"); got != "10.1.2.3" {
		t.Errorf("behind a proxy: %s", got)
	}
}
