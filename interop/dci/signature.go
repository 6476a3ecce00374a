package dci

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of a signature's validity.
const (
	Skew      = time.Minute      // between our clock and a sender's
	Longest   = 10 * time.Minute // from created to expires
	Lifetime  = 5 * time.Minute  // of ours
	signature = `Signature: namespace="dci", kidId="%s|%s|%s", algorithm="%s", created="%d", expires="%d", headers="(created) (expires) digest", signature="%s"`
	covered   = "(created) (expires) digest"
)

// algorithm is a way to sign: what the digest is made with, and how it is checked.
type algorithm struct {
	Digest func([]byte) []byte
	Key    func(raw []byte) (any, error)
	Verify func(key any, text, sig []byte) bool
}

// algorithms are those that a sender may have keys of; SM2 with SM3 is the state's own
// (GB/T 32918), with the standard's default identity.
var algorithms = map[string]algorithm{
	"ed25519": {
		func(b []byte) []byte { s := sha256.Sum256(b); return s[:] },
		func(raw []byte) (any, error) {
			if len(raw) != ed25519.PublicKeySize {
				return nil, fmt.Errorf("an Ed25519 key has %d bytes, this one %d", ed25519.PublicKeySize, len(raw))
			}
			return ed25519.PublicKey(raw), nil
		},
		func(key any, text, sig []byte) bool { return ed25519.Verify(key.(ed25519.PublicKey), text, sig) },
	},
	"sm2": {
		func(b []byte) []byte { s := sm3.Sum(b); return s[:] },
		func(raw []byte) (any, error) { return sm2.NewPublicKey(raw) },
		func(key any, text, sig []byte) bool {
			return sm2.VerifyASN1WithSM2(key.(*ecdsa.PublicKey), nil, text, sig)
		},
	},
}

// Signature is the field of a message, taken apart.
type Signature struct {
	Sender, Key, Algorithm string
	Created, Expires       int64
	value                  []byte
}

var parameter = regexp.MustCompile(`([A-Za-z]+)="([^"]*)"`)

// ParseSignature reads the field. With and without the word Signature: before it.
func ParseSignature(text string) (Signature, error) {
	if strings.TrimSpace(text) == "" {
		return Signature{}, MissingSignature
	}
	got := map[string]string{}
	for _, m := range parameter.FindAllStringSubmatch(text, 16) {
		if _, twice := got[m[1]]; twice {
			return Signature{}, BadSignature
		}
		got[m[1]] = m[2]
	}
	id := got["kidId"]
	if id == "" {
		id = got["keyId"] // the word of the draft that the format is taken from
	}
	parts := strings.Split(id, "|")
	if len(parts) != 3 || got["algorithm"] != parts[2] || got["headers"] != covered {
		return Signature{}, BadSignature
	}
	s := Signature{Sender: parts[0], Key: parts[1], Algorithm: parts[2]}
	var err1, err2, err3 error
	s.Created, err1 = strconv.ParseInt(got["created"], 10, 64)
	s.Expires, err2 = strconv.ParseInt(got["expires"], 10, 64)
	s.value, err3 = base64.StdEncoding.DecodeString(got["signature"])
	if err1 != nil || err2 != nil || err3 != nil || len(s.value) == 0 {
		return Signature{}, BadSignature
	}
	return s, nil
}

// Timely reports whether a signature is valid now.
func (s Signature) Timely(now time.Time) bool {
	created, expires := time.Unix(s.Created, 0), time.Unix(s.Expires, 0)
	return !created.After(now.Add(Skew)) && expires.After(now.Add(-Skew)) && expires.After(created) && expires.Sub(created) <= Longest
}

// Verify reports whether the signature is of this header and message, by this key.
func (s Signature) Verify(key Key, header, message jsontext.Value) bool {
	a, known := algorithms[s.Algorithm]
	if !known || key.Algorithm != s.Algorithm || key.ID != s.Key {
		return false
	}
	text, err := signed(a, header, message, s.Created, s.Expires)
	return err == nil && a.Verify(key.public, text, s.value)
}

// signed is the text that is signed: the draft's lines, with the digest of header and
// message in the canonical form of JSON (RFC 8785), so that neither spaces nor the order
// of names matter. The standard names the lines and leaves the digest open: SHA-256, and
// SM3 under SM2 (docs/decisions/0060).
func signed(a algorithm, header, message jsontext.Value, created, expires int64) ([]byte, error) {
	var whole bytes.Buffer
	whole.WriteString(`{"header":`)
	whole.Write(header)
	whole.WriteString(`,"message":`)
	whole.Write(message)
	whole.WriteString(`}`)
	body := jsontext.Value(whole.Bytes())
	if err := body.Canonicalize(); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "(created): %d\n(expires): %d\ndigest: %s", created, expires, base64.StdEncoding.EncodeToString(a.Digest(body))), nil
}

// Signer signs answers, by Ed25519.
type Signer struct {
	ID, Key string // the registry's name, the key's
	Private ed25519.PrivateKey
}

// Sign writes the field for an answer.
func (s Signer) Sign(header, message jsontext.Value, now time.Time) (string, error) {
	created, expires := now.Unix(), now.Add(Lifetime).Unix()
	text, err := signed(algorithms["ed25519"], header, message, created, expires)
	if err != nil {
		return "", err
	}
	return field(s.ID, s.Key, "ed25519", created, expires, ed25519.Sign(s.Private, text)), nil
}

// SignSM2 writes the field as a sender does who has a key of SM2.
func SignSM2(id, key string, private *sm2.PrivateKey, random io.Reader, header, message jsontext.Value, now time.Time) (string, error) {
	created, expires := now.Unix(), now.Add(Lifetime).Unix()
	text, err := signed(algorithms["sm2"], header, message, created, expires)
	if err != nil {
		return "", err
	}
	sig, err := private.SignWithSM2(random, nil, text)
	return field(id, key, "sm2", created, expires, sig), err
}

func field(id, key, algorithm string, created, expires int64, sig []byte) string {
	return fmt.Sprintf(signature, id, key, algorithm, algorithm, created, expires, base64.StdEncoding.EncodeToString(sig))
}
