package wire

import (
	"fmt"
	"strings"
	"testing"
)

const (
	aDevice = "01920000-0000-7000-8000-000000000001"
	anOp    = "01920000-0000-7000-8000-000000000002"
	aRecord = "01920000-0000-7000-8000-000000000003"
)

// opWith is an op's text whose one value is written as given.
func opWith(n int, value string) string {
	return fmt.Sprintf(`{"n":%d,"id":"%s","at":"","type":"households","record":"%s","kind":"patch","base":1,"set":{"phone":%s}}`, n, anOp, aRecord, value)
}

func decodePush(ops ...string) (*Push, error) {
	body := fmt.Sprintf(`{"device":"%s","epoch":"%s","schema":1,"clock":"","ops":[%s]}`, aDevice, aDevice, strings.Join(ops, ","))
	var p Push
	return &p, Decode(strings.NewReader(body), &p)
}

// A tablet that holds such an op could never push again if it were refused with
// its whole batch.
func TestABadOpIsRejectedAlone(t *testing.T) {
	for name, bad := range map[string]string{
		"half a character, escaped": `"王\ud842"`,
		"half a character, raw":     "\"王\xed\xa1\x82\"",
		"a byte that is no text":    "\"\xff\"",
		"a number beyond a double":  `1e400`,
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decodePush(opWith(1, `"1"`), opWith(2, bad), opWith(3, `"3"`))
			if err != nil {
				t.Fatal(err)
			}
			for i, raw := range p.Ops {
				op, err := DecodeOp(raw, i)
				if err != nil {
					t.Fatal(err)
				}
				if op.N != int64(i+1) || op.ID != anOp || op.Record != aRecord || (op.Bad != nil) != (i == 1) {
					t.Fatalf("op %d: %+v", i, op)
				}
				if !op.Raw.IsValid() {
					t.Fatalf("op %d cannot be shown: %q", i, op.Raw)
				}
				if again, err := DecodeOp(op.Raw, i); err != nil || again.Digest != op.Digest {
					t.Fatalf("op %d is another when read again: %v", i, err)
				}
			}
		})
	}
}

func TestABrokenEnvelopeIsRefusedAsAWhole(t *testing.T) {
	for name, ops := range map[string]string{
		"a name twice": opWith(1, `{"a":1,"a":2}`),
		"cut off":      `{"n":1`,
		"no usable n":  opWith(0, `"1"`),
		"no object":    `"op"`,
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decodePush(ops)
			if err == nil {
				_, err = DecodeOp(p.Ops[0], 0)
			}
			if coded, ok := err.(*Error); !ok || coded.Code != Invalid {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestOtherBodiesTakeNoBrokenText(t *testing.T) {
	var into struct {
		Reason string `json:"reason"`
	}
	if err := Decode(strings.NewReader(`{"reason":"\ud842"}`), &into); err == nil {
		t.Fatalf("took %q", into.Reason)
	}
}

// An op that names itself badly is rejected alone, and is the same op when it comes again.
func TestAnOpWithoutAnIDIsRejectedAlone(t *testing.T) {
	p, err := decodePush(strings.Replace(opWith(1, `"1"`), anOp, "x", 1))
	if err != nil {
		t.Fatal(err)
	}
	first, err := DecodeOp(p.Ops[0], 0)
	if err != nil || first.Bad == nil || first.Bad.Field != "id" || first.Said != "x" {
		t.Fatalf("got %+v %v", first, err)
	}
	if again, _ := DecodeOp(p.Ops[0], 0); again.ID != first.ID {
		t.Errorf("%s, then %s", first.ID, again.ID)
	}
}
