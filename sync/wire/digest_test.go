package wire

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

type digestVectors struct {
	Describes string
	Cases     []struct{ Name, Op, Canonical, SHA256 string }
	Refused   []struct{ Name, Op string }
}

func readDigestVectors(t testing.TB) digestVectors {
	t.Helper()
	raw, err := os.ReadFile("../../docs/vectors/digest.json")
	if err != nil {
		t.Fatal(err)
	}
	var file digestVectors
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 15 || len(file.Refused) < 5 {
		t.Fatalf("only %d and %d cases", len(file.Cases), len(file.Refused))
	}
	return file
}

func TestGoldenVectorsOfDigest(t *testing.T) {
	for _, c := range readDigestVectors(t).Cases {
		t.Run(c.Name, func(t *testing.T) {
			canonical, err := canonicalOp([]byte(c.Op))
			if err != nil || string(canonical) != c.Canonical {
				t.Fatalf("canonical form\n got %s (%v)\nwant %s", canonical, err, c.Canonical)
			}
			digest, err := Digest([]byte(c.Op))
			if got := hex.EncodeToString(digest[:]); err != nil || got != c.SHA256 {
				t.Fatalf("digest %s (%v), want %s", got, err, c.SHA256)
			}
		})
	}
}

func TestDigestRefusesWhatHasNoCanonicalForm(t *testing.T) {
	refused := map[string]string{
		"invalid UTF-8":            "{\"a\":\"\xff\"}",
		"an overlong slash":        "{\"a\":\"\xc0\xaf\"}",
		"invalid UTF-8 in a name":  "{\"\xff\":1}",
		"nothing":                  "",
		"nested beyond any record": strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000),
	}
	for _, c := range readDigestVectors(t).Refused {
		refused[c.Name] = c.Op
	}
	for name, op := range refused {
		t.Run(name, func(t *testing.T) {
			if digest, err := Digest([]byte(op)); err == nil {
				t.Fatalf("digest %x", digest)
			}
		})
	}
}

func TestANumberBeyondADoubleStillHasADigest(t *testing.T) {
	canonical, err := canonicalOp([]byte(`{"n":1,"set":{"a":1e400,"b":-1e400}}`))
	if want := `{"set":{"a":1.7976931348623157e+308,"b":-1.7976931348623157e+308}}`; err != nil || string(canonical) != want {
		t.Fatalf("%s (%v)", canonical, err)
	}
}

func TestDigestLeavesItsArgumentAlone(t *testing.T) {
	op := []byte(`{ "n": 3, "b": 1.50, "a": "\u94c1" }`)
	before := string(op)
	if _, err := Digest(op); err != nil || string(op) != before {
		t.Fatalf("%s (%v)", op, err)
	}
}

func BenchmarkDigest(b *testing.B) {
	op := []byte(readDigestVectors(b).Cases[0].Op)
	for b.Loop() {
		if _, err := Digest(op); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzDigest: whatever comes in, a digest is of a canonical form that is its own
// canonical form, and n never counts.
func FuzzDigest(f *testing.F) {
	for _, c := range readDigestVectors(f).Cases {
		f.Add([]byte(c.Op))
	}
	f.Fuzz(func(t *testing.T, op []byte) {
		canonical, err := canonicalOp(op)
		if err != nil {
			return
		}
		again, err := canonicalOp(canonical)
		if err != nil || string(again) != string(canonical) {
			t.Fatalf("%s became %s (%v)", canonical, again, err)
		}
		numbered := `{"n":77}`
		if len(canonical) > len("{}") {
			numbered = `{"n":77,` + string(canonical[1:])
		}
		if again, err = canonicalOp([]byte(numbered)); err != nil || string(again) != string(canonical) {
			t.Fatalf("with n: %s (%v)", again, err)
		}
	})
}
