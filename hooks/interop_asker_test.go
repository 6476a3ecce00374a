package hooks

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	stdjson "encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/interop/dci"

	"github.com/emmansun/gmsm/sm2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// asker is another office's system.
type asker struct {
	s       *site
	id      string
	private ed25519.PrivateKey
	sm2     *sm2.PrivateKey
	number  int
	request *jsonschema.Schema
	answer  *jsonschema.Schema
	fault   *jsonschema.Schema
}

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	out, err := c.Compile("../interop/dci/testdata/" + name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// interopSite lets two senders ask: one that sees and searches much, by Ed25519, and one that
// sees little of one town, by SM2.
func interopSite(t *testing.T) (s *site, wide, narrow *asker) {
	t.Helper()
	s = newSite(t)
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
	file := filepath.Join(t.TempDir(), "senders.toml")
	text := fmt.Sprintf(`id = "370281.register"
[[sender]]
id = "spmis.test"
name = "省救助平台"
purposes = ["benefit_check", "survey"]
areas = ["370281"]
attributes = ["UIN", "name", "sex", "birth_date", "area_code", "marital_status", "is_disabled", "employment_status", "is_deceased", "assistance_category", "group_size", "group_identifier", "registration_date"]
predicates = true
whole_numbers = true
page = 5
found = 6
per_minute = 200
[[sender.key]]
id = "k1"
algorithm = "ed25519"
public = %q
[[sender]]
id = "school.test"
name = "学生资助中心"
purposes = ["benefit_check"]
areas = ["370281102"]
attributes = ["UIN", "assistance_category"]
per_minute = 3
[[sender.key]]
id = "2026"
algorithm = "sm2"
public = %q
`, base64.StdEncoding.EncodeToString(public), base64.StdEncoding.EncodeToString(ecdh.PublicKey().Bytes()))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.server.OpenInterop(file, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	one := asker{s: s, id: "spmis.test", private: private, request: schema(t, "search-request"), answer: schema(t, "search-response"), fault: schema(t, "fault")}
	two := one
	two.id, two.private, two.sm2 = "school.test", nil, guomi
	return s, &one, &two
}

// search is one search of a message, with what a test changes.
func search(queryType string, query any, more ...obj) obj {
	criteria := obj{"reg_type": "ns:org:RegistryType:Social", "query_type": queryType, "query": query, "authorize": obj{"purpose": obj{"code": "benefit_check"}}}
	for _, m := range more {
		for k, v := range m {
			criteria[k] = v
		}
	}
	return obj{"reference_id": newID(), "timestamp": time.Now().Format(time.RFC3339), "search_criteria": criteria}
}

func byNumber(number string, more ...obj) obj {
	return search("idtype-value", obj{"type": "UIN", "value": number}, more...)
}

func where(attribute, operator string, value any) []any {
	return []any{obj{"seq_num": 1, "expression1": obj{"attribute_name": attribute, "operator": operator, "attribute_value": value}}}
}

// message is a header and what is asked; change, what a test sends otherwise.
func (a *asker) message(change func(header obj), searches ...obj) (header, message obj) {
	a.number++
	header = obj{"version": "1.0.0", "message_id": fmt.Sprintf("%s-%d", a.id, a.number), "message_ts": time.Now().Format(time.RFC3339), "action": "search",
		"sender_id": a.id, "receiver_id": "370281.register", "total_count": len(searches), "is_msg_encrypted": false}
	if change != nil {
		change(header)
	}
	return header, obj{"transaction_id": newID(), "search_request": searches}
}

// canonical is the text that is signed, made apart from the product: names sorted, no spaces.
func canonical(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	e := stdjson.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

func (a *asker) sign(header, message obj, created time.Time) string {
	a.s.t.Helper()
	if a.sm2 != nil {
		sig, err := dci.SignSM2(a.id, "2026", a.sm2, rand.Reader, canonical(a.s.t, header), canonical(a.s.t, message), created)
		if err != nil {
			a.s.t.Fatal(err)
		}
		return sig
	}
	digest := sha256.Sum256(canonical(a.s.t, obj{"header": header, "message": message}))
	from, to := created.Unix(), created.Add(5*time.Minute).Unix()
	text := fmt.Sprintf("(created): %d\n(expires): %d\ndigest: %s", from, to, base64.StdEncoding.EncodeToString(digest[:]))
	return fmt.Sprintf(`Signature: namespace="dci", kidId="%s|k1|ed25519", algorithm="ed25519", created="%d", expires="%d", headers="(created) (expires) digest", signature="%s"`,
		a.id, from, to, base64.StdEncoding.EncodeToString(ed25519.Sign(a.private, []byte(text))))
}

func (a *asker) send(header, message obj, signature string) reply {
	a.s.t.Helper()
	return a.s.ask("", "POST", "/registry/sync/search", obj{"signature": signature, "header": header, "message": message})
}

// got is an answer taken apart.
type got struct {
	Status int
	Header struct {
		Status string     `json:"status"`
		Reason dci.Reason `json:"status_reason_code"`
	} `json:"header"`
	Message struct {
		Answers []struct {
			ReferenceID string     `json:"reference_id"`
			Status      string     `json:"status"`
			Reason      dci.Reason `json:"status_reason_code"`
			Pagination  dci.PageAnswer
			Data        struct {
				Records []jsontext.Value `json:"reg_records"`
			} `json:"data"`
		} `json:"search_response"`
	} `json:"message"`
	Errors []dci.FaultLine `json:"errors"`
	raw    string
}

// valid holds what was answered against the published schema, and the signature against
// the registry's key.
func (a *asker) valid(r reply) got {
	t := a.s.t
	t.Helper()
	out := got{Status: r.status, raw: string(r.body)}
	if err := json.Unmarshal(r.body, &out, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	by := a.answer
	if r.status != 200 {
		by = a.fault
	}
	if err := by.Validate(v); err != nil {
		t.Errorf("not as published: %v\n%s", err, r.body)
	}
	if r.status == 200 {
		a.proven(v)
	}
	return out
}

func (a *asker) proven(v any) {
	t := a.s.t
	t.Helper()
	e := v.(map[string]any)
	part := func(name string) string {
		_, rest, _ := strings.Cut(e["signature"].(string), name+`="`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	digest := sha256.Sum256(canonical(t, obj{"header": e["header"], "message": e["message"]}))
	text := "(created): " + part("created") + "\n(expires): " + part("expires") + "\ndigest: " + base64.StdEncoding.EncodeToString(digest[:])
	public, _ := base64.StdEncoding.DecodeString(a.s.server.desk.Public())
	_, after, _ := strings.Cut(e["signature"].(string), `digest", signature="`)
	sig, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(after, `"`))
	if err != nil || !ed25519.Verify(public, []byte(text), sig) {
		t.Errorf("the answer's signature does not hold: %v", err)
	}
}

// asks sends searches as they should be, which are held against the published schema, too.
func (a *asker) asks(searches ...obj) got {
	a.s.t.Helper()
	header, message := a.message(nil, searches...)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(canonical(a.s.t, obj{"header": header, "message": message})))
	if err != nil {
		a.s.t.Fatal(err)
	}
	if err := a.request.Validate(v); err != nil {
		a.s.t.Fatalf("the test's own request is not as published: %v", err)
	}
	return a.valid(a.send(header, message, a.sign(header, message, time.Now())))
}
