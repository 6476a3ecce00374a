package dci

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The codes of the published schema and the table's are the same, each with words.
func TestEveryPublishedReasonIsKnownAndTold(t *testing.T) {
	text, err := os.ReadFile("testdata/search-response.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	faults, err := os.ReadFile("testdata/fault.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var listed []Reason
	for _, part := range strings.Split(string(text), `"`) {
		if strings.HasPrefix(part, "rjct.") {
			listed = append(listed, Reason(part))
		}
	}
	for _, r := range listed {
		if reasons[r].Status != 200 || reasons[r].Message == "" {
			t.Errorf("%s is published and not told here", r)
		}
	}
	for r, row := range reasons {
		if strings.HasPrefix(string(r), "rjct.") && !slices.Contains(listed, r) || strings.HasPrefix(string(r), "err.") && !strings.Contains(string(faults), string(r)) || row.Message == "" {
			t.Errorf("%s is none of the standard's", r)
		}
	}
}

func TestASignatureIsReadAsPublished(t *testing.T) {
	good := `Signature:  namespace="spdci", kidId="spp.example.org|k1|ed25519", algorithm="ed25519", created="1606970629", expires="1606970929", headers="(created) (expires) digest", signature="QUJD"`
	s, err := ParseSignature(good)
	if err != nil || s.Sender != "spp.example.org" || s.Key != "k1" || s.Created != 1606970629 || string(s.value) != "ABC" {
		t.Fatalf("%+v %v", s, err)
	}
	if _, err := ParseSignature(strings.TrimPrefix(good, "Signature:  ")); err != nil {
		t.Error("without the word before it: ", err)
	}
	for name, text := range map[string]string{
		"nothing": "", "stub": "unsigned-stub", "two parts": strings.Replace(good, "|k1|", "|", 1), "another algorithm": strings.Replace(good, `algorithm="ed25519"`, `algorithm="rs256"`, 1),
		"less covered": strings.Replace(good, " digest", "", 1), "no number": strings.Replace(good, "1606970629", "now", 1), "no base64": strings.Replace(good, "QUJD", "*", 1), "twice": good + `, created="1"`,
	} {
		if _, err := ParseSignature(text); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	at := time.Unix(1606970629, 0)
	for offset, want := range map[time.Duration]bool{0: true, -time.Hour: false, -59 * time.Second: true, -61 * time.Second: false, 5 * time.Minute: true, 6*time.Minute + time.Second: false} {
		if got := s.Timely(at.Add(offset)); got != want {
			t.Errorf("%v after it was made: %v", offset, got)
		}
	}
}

// Spaces and the order of names are not signed; what is said is.
func TestASignatureIsOfWhatIsSaidNotOfHowItIsWritten(t *testing.T) {
	texts := [][2]string{{`{"a":1,"b":"于"}`, `{"c":[1,2]}`}, {"{ \"b\" : \"\\u4e8e\", \"a\": 1.0 }", `{"c":[1, 2]}`}, {`{"a":1,"b":"于"}`, `{"c":[2,1]}`}}
	var out []string
	for _, x := range texts {
		b, err := signed(algorithms["ed25519"], jsontext.Value(x[0]), jsontext.Value(x[1]), 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	if out[0] != out[1] || out[0] == out[2] || !strings.HasPrefix(out[0], "(created): 1\n(expires): 2\ndigest: ") {
		t.Errorf("%q", out)
	}
	if _, err := signed(algorithms["ed25519"], jsontext.Value(`{"a":1,"a":2}`), jsontext.Value(`{}`), 1, 2); err == nil {
		t.Error("a name that is there twice is signed")
	}
}

func TestAQueryHasItsBounds(t *testing.T) {
	long := make([]any, mostTerms+1)
	for i := range long {
		long[i] = map[string]any{"expression1": map[string]any{"attribute_name": "sex", "operator": "eq", "attribute_value": "male"}}
	}
	deep := map[string]any{"sex": "male"}
	for range mostDeep + 1 {
		deep = map[string]any{"$not": deep}
	}
	for name, c := range map[string]struct {
		kind  string
		query any
	}{
		"too many terms": {ByPredicate, long}, "no terms": {ByPredicate, []any{}}, "too deep": {ByExpression, expressionOf(deep)},
		"too many values":  {ByPredicate, []any{map[string]any{"expression1": map[string]any{"attribute_name": "area_code", "operator": "in", "attribute_value": strings.Repeat("37,", mostValues+1)}}}},
		"half a pair":      {ByPredicate, []any{map[string]any{"expression1": long[0].(map[string]any)["expression1"], "condition": "and"}}},
		"no operator":      {ByExpression, expressionOf(map[string]any{"sex": map[string]any{}})},
		"another operator": {ByExpression, expressionOf(map[string]any{"sex": map[string]any{"$regex": ".*"}})},
		"nothing":          {ByExpression, map[string]any{}},
	} {
		text, err := json.Marshal(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseQuery(c.kind, text); err != BadFilter {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func expressionOf(q map[string]any) map[string]any {
	return map[string]any{"value": map[string]any{"expression": map[string]any{"query": q}}}
}

const desk = `id = "r"
[[sender]]
id = "a"
name = "甲"
purposes = ["p"]
areas = ["37"]
attributes = ["UIN"]
[[sender.key]]
id = "k"
algorithm = "ed25519"
public = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
`

func TestTheSendersFileIsCheckedAndSaysWhatToDo(t *testing.T) {
	d, err := ParseDesk([]byte(desk))
	if err != nil {
		t.Fatal(err)
	}
	if s := d.Find("a"); s == nil || s.Page != 20 || s.PerMinute != 60 || s.Whole || s.Predicates {
		t.Errorf("what a file does not say: %+v", d.Find("a"))
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"a misspelt key": {`purposes`, `purposse`, "purposse"}, "no id": {`id = "r"`, ``, "缺少 id"}, "no purposes": {`purposes = ["p"]`, ``, "purposes"}, "no areas": {`["37"]`, `["山东"]`, "行政区划"},
		"an attribute": {`["UIN"]`, `["phone"]`, `"phone" 不存在`}, "a cipher": {`"ed25519"`, `"rs256"`, "sm2"}, "a key": {`MTIz`, `MTI`, "不正确"}, "no name": {`name = "甲"`, ``, "单位的中文名称"},
		"a bar in a name": {`id = "a"`, `id = "a|b"`, "缺少 id"}, "bounds": {`name = "甲"`, "name = \"甲\"\npage = 5000", "page"}, "no TOML": {`id = "r"`, `id = r`, "TOML"},
	} {
		_, err := ParseDesk([]byte(strings.Replace(desk, c.from, c.to, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseDesk([]byte(desk + strings.TrimPrefix(desk, "id = \"r\"\n"))); err == nil || !strings.Contains(err.Error(), "两次") {
		t.Error(err)
	}
}
