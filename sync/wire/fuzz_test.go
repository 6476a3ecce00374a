package wire_test

import (
	"bytes"
	"errors"
	"testing"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const device = `"6f9619ff-8b86-4011-b42d-00c04fc964ff"`

// FuzzDecode: whatever comes, the envelope is either one that can be sent again
// and means the same, or a coded error with a status of the 400s.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"device":` + device + `,"epoch":` + device + `,"schema":1,"clock":"2026-11-23T02:00:00.000Z","ops":[{"n":1}]}`,
		`{"device":` + device + `,"epoch":` + device + `,"schema":1,"ops":null}`,
		`{}`, `null`, `[]`, `{"ops":[[[[`, `{"device":"\ud800"}`, "{\"\xff\":1}", `{"schema":1e999}`, `{"a":1,"a":1}`, `{} {}`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var p wire.Push
		if err := wire.Decode(bytes.NewReader(body), &p); err != nil {
			var coded *wire.Error
			if !errors.As(err, &coded) || coded.Message == "" || coded.Status() < 400 || coded.Status() > 499 {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		if len(p.Ops) > wire.MaxOps || p.Schema < 1 || !wire.IsUUID(string(bytes.ToLower([]byte(p.Device)))) {
			t.Fatalf("%q passed as %+v", body, p)
		}
		for i, raw := range p.Ops {
			decodeOp(t, raw, i)
		}
	})
}

// FuzzDecodeOp: an op is decoded, or named as what holds the batch up; decoded
// again from what the log keeps it is the same.
func FuzzDecodeOp(f *testing.F) {
	for _, seed := range []string{
		`{"n":17,"id":"0190b2a0-0000-7000-8000-000000000001","at":"2026-11-23T02:00:00.000Z","type":"households","record":"0190b2a0-0000-7000-8000-000000000002","kind":"patch","base":1042,"set":{"phone":"13900000001"},"was":{"phone":null}}`,
		`{"n":1,"id":"0190b2a0-0000-7000-8000-000000000001","type":7,"set":[]}`,
		`{"n":1,"id":"0190b2a0-0000-7000-8000-000000000001","set":{"x":1e999}}`,
		`{"n":1,"id":"0190b2a0-0000-7000-8000-000000000001","colour":"red","set":{"a":{"b":[{}]}}}`,
		`{"n":1.5,"id":"0190b2a0-0000-7000-8000-000000000001"}`, `{"n":1,"id":"0190B2A0-0000-7000-8000-000000000001"}`, `{"n":9007199254740993,"id":"x"}`,
		`{"n":1,"id":"0190b2a0-0000-7000-8000-000000000001","set":{"phone":"\ud800"}}`, "{\"n\":1,\"id\":\"0190b2a0-0000-7000-8000-000000000001\",\"type\":\"\xff\"}",
		`{"n":1,"n":2}`, `7`, `null`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		// What reaches DecodeOp is what an envelope held.
		var held []jsontext.Value
		if json.Unmarshal(append(append([]byte("["), raw...), ']'), &held) != nil || len(held) != 1 {
			return
		}
		decodeOp(t, held[0], 0)
	})
}

func decodeOp(t *testing.T, raw jsontext.Value, i int) {
	t.Helper()
	op, err := wire.DecodeOp(raw, i)
	if err != nil {
		var coded *wire.Error
		if !errors.As(err, &coded) || coded.Code != wire.Invalid || coded.Field == "" {
			t.Fatalf("%q: %v", raw, err)
		}
		return
	}
	if op.N < 1 || !wire.IsUUIDv7(op.ID) && op.Bad == nil || op.Raw == nil {
		t.Fatalf("%q decoded as %+v", raw, op)
	}
	again, err := wire.DecodeOp(op.Raw, 0)
	if err != nil || again.N != op.N || again.ID != op.ID || again.Digest != op.Digest {
		t.Fatalf("%q: the log's text is read as %+v, %v", raw, again, err)
	}
	digest, err := wire.Digest(op.Raw)
	if err != nil || digest != op.Digest {
		t.Fatalf("%q: the log's text has another digest: %v", raw, err)
	}
	if !op.Raw.IsValid() {
		t.Fatalf("%q: the log would keep what is no JSON", raw)
	}
}
