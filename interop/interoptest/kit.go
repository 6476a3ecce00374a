// Package interoptest is another office's system, for the tests of whatever answers it: it
// makes keys and a senders' file, signs and canonicalises apart from the product, and holds
// every answer against the published schemas and the registry's signature. What any register
// must do stands here once (cases.go); what one finds is its own tests'. No product imports it.
package interoptest

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Obj is an object of JSON.
type Obj = map[string]any

// Registry is who is asked, and what its senders may.
type Registry struct {
	ID         string
	Schemas    string   // the folder of the schemas, from the test's own
	Far        []string // areas of the sender that sees and searches much
	Near       []string // areas of the one that sees little
	Attributes []string // of the first
	Found      int      // records that a search of the first may find
}

// Kit is two senders of a registry: one that sees and searches much, by Ed25519, and one
// that sees little and asks after known people alone, by SM2.
type Kit struct {
	Registry
	File         string // the senders'
	Wide, Narrow *Asker
	// Post brings a body to the registry; Public is the registry's key. Set them once it is open.
	Post   func(t testing.TB, body any) (status int, answer []byte)
	Public string

	request, answer, fault *jsonschema.Schema
}

const senders = `id = %q
[[sender]]
id = "spmis.test"
name = "省救助平台"
purposes = ["benefit_check", "survey"]
areas = [%s]
attributes = [%s]
predicates = true
whole_numbers = true
page = 5
found = %d
per_minute = 200
[[sender.key]]
id = "k1"
algorithm = "ed25519"
public = %q
[[sender]]
id = "school.test"
name = "学生资助中心"
purposes = ["benefit_check"]
areas = [%s]
attributes = ["UIN", "assistance_category"]
per_minute = 3
[[sender.key]]
id = "2026"
algorithm = "sm2"
public = %q
`

// New makes the keys and the file.
func New(t testing.TB, r Registry) *Kit {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	guomi, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecdh, err := guomi.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	list := func(words []string) string { return `"` + strings.Join(words, `", "`) + `"` }
	text := fmt.Sprintf(senders, r.ID, list(r.Far), list(r.Attributes), r.Found, base64.StdEncoding.EncodeToString(public),
		list(r.Near), base64.StdEncoding.EncodeToString(ecdh.PublicKey().Bytes()))
	k := &Kit{Registry: r, File: filepath.Join(t.TempDir(), "senders.toml")}
	if err := os.WriteFile(k.File, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	k.request, k.answer, k.fault = k.schema(t, "search-request"), k.schema(t, "search-response"), k.schema(t, "fault")
	k.Wide = &Asker{Kit: k, ID: "spmis.test", Private: private}
	k.Narrow = &Asker{Kit: k, ID: "school.test", SM2: guomi}
	return k
}

func (k *Kit) schema(t testing.TB, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	out, err := c.Compile(filepath.Join(k.Schemas, name+".schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
