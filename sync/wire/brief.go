package wire

import (
	"encoding/hex"
	"time"
)

// The brief answers (docs/protocol.md, C.11): what a client that asks for them is
// not told twice. They are an option; without it every answer is as §3 has it.

// Options are what a client may ask for beyond §3; /schema lists them.
var Options = []string{"brief"}

// Run is consecutive ops that were plainly applied: n, n+1, … at seq, seq+1, ….
type Run struct {
	N     int64 `json:"n"`
	Count int64 `json:"count"`
	Seq   int64 `json:"seq"`
}

// Brief moves what a result says of an op that was plainly applied into runs. The
// client knows the ids of the numbers that it sent.
func (a *PushAnswer) Brief() {
	a.Applied = []Run{}
	others := make([]Result, 0, len(a.Results))
	for i := range a.Results {
		r := &a.Results[i]
		if !r.plain() {
			others = append(others, *r)
			continue
		}
		if last := len(a.Applied) - 1; last >= 0 && a.Applied[last].follows(r) {
			a.Applied[last].Count++
			continue
		}
		a.Applied = append(a.Applied, Run{N: r.N, Count: 1, Seq: r.Seq})
	}
	a.Results = others
}

func (r *Run) follows(next *Result) bool {
	return next.N == r.N+r.Count && next.Seq == r.Seq+r.Count
}

// plain reports whether a result says no more than applied, and where.
func (r *Result) plain() bool {
	return r.Outcome == "applied" && r.Seq > 0 && len(r.Fields) == 0 && r.Case == nil && r.Error == nil && r.Resolution == nil && r.Returned == ""
}

// Brief leaves out what the line says anyhow: the revision where it is the seq.
func (c *Change) Brief() {
	if c.Rev == c.Seq {
		c.Rev = 0
	}
}

// TimeOf is the time that a UUIDv7 was made at, as the wire writes it; "" for any
// other text, and for a time that RFC 3339 has no name for.
func TimeOf(id string) string {
	if !IsUUIDv7(id) {
		return ""
	}
	var b [6]byte
	if _, err := hex.Decode(b[:], []byte(id[:8]+id[9:13])); err != nil {
		return ""
	}
	var millis int64
	for _, x := range b {
		millis = millis<<8 | int64(x)
	}
	t := time.UnixMilli(millis).UTC()
	if t.Year() > 9999 {
		return ""
	}
	return Format(t)
}
