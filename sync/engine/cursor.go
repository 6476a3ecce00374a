package engine

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// cursor is where a device's reading of the feed stands. It is opaque to
// clients and signed, so that nobody reads by it what was not given.
type cursor struct {
	Epoch   string   `json:"e"`
	Account string   `json:"a"`
	At      position `json:"p"`           // everything up to here has been sent
	Began   int64    `json:"b"`           // the reading began at this seq: what had left or ended by then was never sent
	Grants  int64    `json:"g"`           // grants are taken into account as of this seq
	Tasks   []task   `json:"t,omitempty"` // grants that came or went, not yet worked off
	Results int64    `json:"r"`           // results sent up to this seq
	Trail   trail    `json:"w"`           // proof of which history this is
}

// position is a place in the feed: many records can share a seq.
type position struct {
	Seq    int64  `json:"s"`
	Record string `json:"r,omitempty"`
}

// task is a grant to be worked off: a new one is read from its beginning, a
// withdrawn one yields leaves.
type task struct {
	Grant int64    `json:"g"`
	Leave bool     `json:"l,omitempty"`
	At    position `json:"p"`
}

const maxCursor = 8192 // bytes

// maxTasks bounds a cursor: a social worker can be assigned hundreds of
// households in a day. The others follow when these are worked off.
const maxTasks = 64

// atEnd is behind every record of a seq.
const atEnd = "~"

func (e *Engine) seal(c *cursor) (string, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(body, e.sign(body)...)), nil
}

func (e *Engine) sign(body []byte) []byte {
	m := hmac.New(sha256.New, e.key)
	m.Write(body)
	return m.Sum(nil)[:16]
}

// unseal reads a cursor; "" is the beginning.
func (e *Engine) unseal(s string) (*cursor, error) {
	if s == "" {
		return nil, nil
	}
	bad := wire.Malformed("cursor", "同步位置无法识别，请从头拉取。")
	if len(s) > maxCursor {
		return nil, bad
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) < 17 {
		return nil, bad
	}
	body, sum := raw[:len(raw)-16], raw[len(raw)-16:]
	if !bytes.Equal(sum, e.sign(body)) {
		return nil, bad
	}
	c := &cursor{}
	if err := json.Unmarshal(body, c); err != nil {
		return nil, bad
	}
	return c, nil
}
