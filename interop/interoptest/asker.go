package interoptest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	stdjson "encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"doorstep/interop/dci"

	"github.com/emmansun/gmsm/sm2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Asker is another office's system.
type Asker struct {
	*Kit
	ID      string
	Private ed25519.PrivateKey
	SM2     *sm2.PrivateKey
	number  int
}

// Search is one search of a message, with what a test changes.
func Search(queryType string, query any, more ...Obj) Obj {
	criteria := Obj{"reg_type": "ns:org:RegistryType:Social", "query_type": queryType, "query": query, "authorize": Obj{"purpose": Obj{"code": "benefit_check"}}}
	for _, m := range more {
		for k, v := range m {
			criteria[k] = v
		}
	}
	return Obj{"reference_id": newID(), "timestamp": time.Now().Format(time.RFC3339), "search_criteria": criteria}
}

// ByNumber asks after a person.
func ByNumber(number string, more ...Obj) Obj {
	return Search(dci.ByIdentifier, Obj{"type": "UIN", "value": number}, more...)
}

// Where is a predicate of one comparison.
func Where(attribute, operator string, value any) []any {
	return []any{Obj{"seq_num": 1, "expression1": Obj{"attribute_name": attribute, "operator": operator, "attribute_value": value}}}
}

// Message is a header and what is asked; change, what a test sends otherwise.
func (a *Asker) Message(change func(header Obj), searches ...Obj) (header, message Obj) {
	a.number++
	header = Obj{"version": "1.0.0", "message_id": fmt.Sprintf("%s-%d", a.ID, a.number), "message_ts": time.Now().Format(time.RFC3339), "action": "search",
		"sender_id": a.ID, "receiver_id": a.Registry.ID, "total_count": len(searches), "is_msg_encrypted": false}
	if change != nil {
		change(header)
	}
	return header, Obj{"transaction_id": newID(), "search_request": searches}
}

// canonical is the text that is signed, made apart from the product: names sorted, no spaces.
func canonical(t testing.TB, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	e := stdjson.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

// Sign writes the signature of a message.
func (a *Asker) Sign(t testing.TB, header, message Obj, created time.Time) string {
	t.Helper()
	if a.SM2 != nil {
		sig, err := dci.SignSM2(a.ID, "2026", a.SM2, rand.Reader, canonical(t, header), canonical(t, message), created)
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	digest := sha256.Sum256(canonical(t, Obj{"header": header, "message": message}))
	from, to := created.Unix(), created.Add(5*time.Minute).Unix()
	text := fmt.Sprintf("(created): %d\n(expires): %d\ndigest: %s", from, to, base64.StdEncoding.EncodeToString(digest[:]))
	return fmt.Sprintf(`Signature: namespace="dci", kidId="%s|k1|ed25519", algorithm="ed25519", created="%d", expires="%d", headers="(created) (expires) digest", signature="%s"`,
		a.ID, from, to, base64.StdEncoding.EncodeToString(ed25519.Sign(a.Private, []byte(text))))
}

// Got is an answer taken apart.
type Got struct {
	Status int
	Header struct {
		Status string     `json:"status"`
		Reason dci.Reason `json:"status_reason_code"`
	} `json:"header"`
	Message struct {
		Answers []Answer `json:"search_response"`
	} `json:"message"`
	Errors []dci.FaultLine `json:"errors"`
	Raw    string          `json:"-"`
}

// Answer is one search's.
type Answer struct {
	ReferenceID string         `json:"reference_id"`
	Status      string         `json:"status"`
	Reason      dci.Reason     `json:"status_reason_code"`
	Pagination  dci.PageAnswer `json:"pagination"`
	Data        struct {
		Records []jsontext.Value `json:"reg_records"`
	} `json:"data"`
}

// Names are those that stand in an answer's records, in their order.
func (a Answer) Names(of ...string) (out []string) {
	for _, r := range a.Data.Records {
		for _, n := range of {
			if strings.Contains(string(r), n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// Valid holds what was answered against the published schema, and the signature against
// the registry's key.
func (k *Kit) Valid(t testing.TB, status int, body []byte) Got {
	t.Helper()
	out := Got{Status: status, Raw: string(body)}
	if err := json.Unmarshal(body, &out, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	out.Raw = string(body)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	by := k.answer
	if status != 200 {
		by = k.fault
	}
	if err := by.Validate(v); err != nil {
		t.Errorf("not as published: %v\n%s", err, body)
	}
	if status == 200 {
		k.proven(t, v)
	}
	return out
}

func (k *Kit) proven(t testing.TB, v any) {
	t.Helper()
	e := v.(map[string]any)
	part := func(name string) string {
		_, rest, _ := strings.Cut(e["signature"].(string), name+`="`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	digest := sha256.Sum256(canonical(t, Obj{"header": e["header"], "message": e["message"]}))
	text := "(created): " + part("created") + "\n(expires): " + part("expires") + "\ndigest: " + base64.StdEncoding.EncodeToString(digest[:])
	public, _ := base64.StdEncoding.DecodeString(k.Public)
	_, after, _ := strings.Cut(e["signature"].(string), `digest", signature="`)
	sig, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(after, `"`))
	if err != nil || !ed25519.Verify(public, []byte(text), sig) {
		t.Errorf("the answer's signature does not hold: %v", err)
	}
}

// Send posts a message with a signature, and holds the answer against the schemas.
func (a *Asker) Send(t testing.TB, header, message Obj, signature string) Got {
	t.Helper()
	status, body := a.Post(t, Obj{"signature": signature, "header": header, "message": message})
	return a.Valid(t, status, body)
}

// Asks sends searches as they should be, which are held against the published schema, too.
func (a *Asker) Asks(t testing.TB, searches ...Obj) Got {
	t.Helper()
	header, message := a.Message(nil, searches...)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(canonical(t, Obj{"header": header, "message": message})))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.request.Validate(v); err != nil {
		t.Fatalf("the test's own request is not as published: %v", err)
	}
	return a.Send(t, header, message, a.Sign(t, header, message, time.Now()))
}
