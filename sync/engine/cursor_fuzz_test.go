package engine

import (
	"encoding/base64"
	"errors"
	"testing"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// FuzzCursor: only what this server sealed is taken for a cursor; all else is a
// coded error, and costs nothing to refuse.
func FuzzCursor(f *testing.F) {
	e := &Engine{key: []byte("a key of this test's own, 32 b.")}
	sealed, err := e.seal(&cursor{Epoch: "e", Account: "a", At: position{Seq: 7, Record: "r"}, Began: 3, Grants: 5,
		Tasks: []task{{Grant: 1, Leave: true, At: position{Seq: 2, Record: "x"}}}, Results: 4, Trail: trail{Head: 6, Steps: []byte("the first bytes of hashes")}})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{sealed, sealed[:len(sealed)-1], sealed + "A", "", "AAAA", "%%%", "e30", base64.RawURLEncoding.EncodeToString([]byte("{}0123456789abcdef"))} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := e.unseal(s)
		if err != nil {
			var coded *wire.Error
			if !errors.As(err, &coded) || coded.Code != wire.Invalid || coded.Status() != 400 {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if c == nil {
			if s != "" {
				t.Fatalf("%q is taken for the beginning", s)
			}
			return
		}
		raw, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil || len(s) > maxCursor {
			t.Fatalf("%q passed: %v", s, err)
		}
		want, err := json.Marshal(c)
		if err != nil || string(raw[:len(raw)-16]) != string(want) {
			t.Fatalf("%q is read as %s: nobody sealed that", s, want)
		}
	})
}
