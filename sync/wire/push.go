package wire

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Limits of a request (protocol §3, §3.3).
const (
	MaxOps        = 500
	MaxBody       = 4 << 20 // bytes, decompressed
	MaxCompressed = 1 << 20 // bytes on the wire, for a push
	MaxPage       = 1000    // changes a pull page
	DefaultPage   = 500
	TimeLayout    = "2006-01-02T15:04:05.000Z07:00"
)

// Format is a time as the wire writes it: RFC 3339 UTC with milliseconds.
func Format(t time.Time) string { return t.UTC().Format(TimeLayout) }

// Push is the envelope of POST /push. Ops stay raw: one bad op never fails its batch.
type Push struct {
	Device string           `json:"device" validate:"required,uuid"`
	Epoch  string           `json:"epoch" validate:"required,uuid"`
	Schema int              `json:"schema" validate:"required,min=1"`
	Clock  string           `json:"clock" validate:"max=40"`
	Brief  bool             `json:"brief,omitzero"` // see PushAnswer.Brief
	Ops    []jsontext.Value `json:"ops" validate:"max=500"`
}

// Op is one operation as sent. Raw is its text as received.
type Op struct {
	N      int64          `json:"n"`
	ID     string         `json:"id"`
	At     string         `json:"at,omitempty"`
	Type   string         `json:"type"`
	Record string         `json:"record"`
	Kind   string         `json:"kind"`
	Base   int64          `json:"base,omitzero"`
	Set    map[string]any `json:"set,omitempty"`
	Was    map[string]any `json:"was,omitempty"`
	Author string         `json:"author,omitempty"`

	Said   string         `json:"-"` // the id as sent; ID, unless that is none
	Schema int            `json:"-"` // the version of the table that it was made under
	Raw    jsontext.Value `json:"-"`
	Digest [32]byte       `json:"-"`
	// Bad is set where the op's own shape is wrong: it is answered `rejected`.
	Bad *Error `json:"-"`
}

// Kinds of an op.
const (
	KindCreate = "create"
	KindPatch  = "patch"
	KindDelete = "delete"
)

// Result is what the server did with one op.
type Result struct {
	N       int64             `json:"n"`
	ID      string            `json:"id"`
	Outcome string            `json:"outcome,omitempty"`
	Seq     int64             `json:"seq,omitzero"`
	Fields  map[string]string `json:"fields"`
	Case    *string           `json:"case"`
	Error   *Error            `json:"error"`

	// Theirs says, by unit of a conflict, who wrote the value that stands, and when
	// the server took it; the value itself comes with the record.
	Theirs map[string]Side `json:"theirs,omitempty"`

	// Later news about an op (in pull, not in the answer of a push):
	Resolution *Resolution `json:"resolution,omitempty"`
	Returned   string      `json:"returned,omitempty"` // the town's reason
}

// Resolution tells a device how a person decided its case.
type Resolution struct {
	Choice string `json:"choice"`
	Field  string `json:"field"`
	Value  any    `json:"value"`
	Reason string `json:"reason"`
	By     Person `json:"by"`
	At     string `json:"at"`
}

// Side is who wrote a value, and when the server took it.
type Side struct {
	By Person `json:"by"`
	At string `json:"at"`
}

// Person is an account as others may see it.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role,omitempty"`
}

// PushAnswer is the answer of POST /push.
type PushAnswer struct {
	Epoch      string   `json:"epoch"`
	ServerTime string   `json:"server_time"`
	NextN      int64    `json:"next_n"`
	DurableSeq int64    `json:"durable_seq"`
	Results    []Result `json:"results"`
	Applied    []Run    `json:"applied,omitzero"` // in a brief answer alone
	Wipe       bool     `json:"wipe,omitempty"`
}

// DecodeOp reads one op. An error means the envelope is broken (no usable n);
// anything else that is wrong with the op is left in Bad.
func DecodeOp(raw jsontext.Value, index int) (*Op, error) {
	place := func(f string) string { return fmt.Sprintf("ops.%d.%s", index, f) }
	digest, err := Digest(raw) // of what has one, the text is whole
	whole := err == nil
	if !whole {
		raw = mended(raw)
		digest, err = Digest(raw)
	}
	if err != nil {
		return nil, Malformed(fmt.Sprintf("ops.%d", index), "不是合法的 JSON，请检查后重新发送。")
	}
	op := &Op{}
	if err := json.Unmarshal(raw, op, json.RejectUnknownMembers(true)); err != nil {
		op = salvage(raw)
		op.Bad = Err(Invalid, decodeError(err).Field)
	} else if !whole {
		op.Bad = Err(Invalid, "")
	}
	if op.N < 1 || op.N > 1<<53 {
		return nil, InvalidField(place("n"), "n 必须是从 1 起的整数。")
	}
	op.Said = op.ID
	if !IsUUIDv7(op.ID) { // rejected alone, and logged under a name of its content
		op.ID = "bad-" + hex.EncodeToString(digest[:16])
		if op.Bad == nil {
			op.Bad = Err(Invalid, "id")
		}
	}
	if op.At == "" {
		op.At = TimeOf(op.ID) // an op whose id was made when the edit was need not say so twice
	}
	op.Raw, op.Digest = bytes.Clone(raw), digest
	return op, nil
}

// mended is an op with U+FFFD in the place of half a character (a length limit cut
// a rare hanzi or an emoji in two), so that it can be logged and shown. It is
// rejected all the same, but alone: it must not hold up its tablet for ever.
func mended(raw jsontext.Value) jsontext.Value {
	whole := bytes.Clone(raw)
	if err := (*jsontext.Value)(&whole).Canonicalize(jsontext.AllowInvalidUTF8(true)); err != nil {
		return raw
	}
	return whole
}

// salvage reads what it can of a misshapen op, so that people can find it.
func salvage(raw jsontext.Value) *Op {
	var m map[string]jsontext.Value
	if json.Unmarshal(raw, &m) != nil {
		return &Op{}
	}
	str := func(k string) string {
		var s string
		if json.Unmarshal(m[k], &s) != nil || len(s) > 64 {
			return ""
		}
		return s
	}
	op := &Op{ID: str("id"), Type: str("type"), Record: str("record"), Kind: str("kind"), At: str("at"), Author: str("author")}
	var n float64
	if json.Unmarshal(m["n"], &n) == nil && n == float64(int64(n)) {
		op.N = int64(n)
	}
	return op
}

// IsUUIDv7 reports whether s is a lower-case UUID of version 7.
func IsUUIDv7(s string) bool { return IsUUID(s) && s[14] == '7' }

// IsUUID reports whether s is a lower-case UUID in the usual form.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < 36; i++ {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
