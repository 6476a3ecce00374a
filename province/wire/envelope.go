package wire

import (
	"bytes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"doorstep/domain/zone"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The envelope (数字信封): a data key of the sender's, wrapped with the province's SM2
// key, and what SM4-GCM sealed under it, bound to whose it is. A county can make one and
// open none, not even its own; each message carries the wrapped key, so that it can be
// read alone and in any order.

// wrapped is how long a wrapped data key is: a point, a digest, the key.
const (
	wrapped  = 65 + 32 + keyBytes
	keyBytes = 16
	nonce    = 12
)

// Sealer makes envelopes and blinds for the province. It is safe for concurrent use.
type Sealer struct {
	rand    io.Reader
	blind   []byte
	wrapped []byte
	aead    cipher.AEAD
	mu      sync.Mutex // rand
}

// NewSealer makes a data key and wraps it.
func NewSealer(k *CountyKeys, random io.Reader) (*Sealer, error) {
	secret := make([]byte, keyBytes)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, err
	}
	aead, err := aeadOf(secret)
	if err != nil {
		return nil, err
	}
	public, err := k.encryptTo()
	if err != nil {
		return nil, err
	}
	w, err := sm2.Encrypt(random, public, secret, sm2.NewPlainEncrypterOpts(sm2.MarshalUncompressed, sm2.C1C3C2))
	if err != nil || len(w) != wrapped {
		return nil, fmt.Errorf("province: wrap a data key: %d bytes, %w", len(w), err)
	}
	return &Sealer{rand: random, blind: k.Blind, wrapped: w, aead: aead}, nil
}

// aeadOf is SM4-GCM under a data key.
func aeadOf(secret []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// about binds an envelope to its record.
func about(county, typ, record string) []byte { return []byte(county + "/" + typ + "/" + record) }

// Fill puts a record's values into its message as the table lets them: open, or into the
// envelope, a number with its blind beside it. value is a column's, nil where it has none.
func (s *Sealer) Fill(m *Message, value func(column string) any) (err error) {
	open, sealed := make([]byte, 0, usual), []byte(nil)
	for _, col := range Lookup(m.Type).Columns {
		v := col.told(value(col.Name))
		if v == nil {
			continue
		}
		if number, ok := v.(string); ok && col.How == Number {
			m.Blind = s.Blind(number)
		}
		into := &open
		if col.How == Sealed || col.How == Number {
			into = &sealed
		}
		if *into, err = appendMember(*into, col.Name, v); err != nil {
			return err
		}
	}
	m.Values = ended(open)
	if len(sealed) > 0 {
		m.Sealed, err = s.sealed(ended(sealed), about(m.County, m.Type, m.Record))
	}
	return err
}

// told is what of a value goes up; nil: nothing.
func (c *Column) told(v any) any {
	text, _ := v.(string)
	switch {
	case c.How == Whether && text != "":
		return true
	case c.How == Whether:
		return nil
	case c.How == Day:
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			return zone.Day(t)
		}
		return nil
	}
	return v
}

// usual is as long as the open values of most records are.
const usual = 256

// appendMember adds a name and its value to an object that is being written; texts, of
// which a record mostly consists, without the reflection that costs more than all else.
func appendMember(b []byte, name string, v any) ([]byte, error) {
	if len(b) == 0 {
		b = append(b, '{')
	} else {
		b = append(b, ',')
	}
	b = append(append(append(b, '"'), name...), '"', ':') // a column's name is an identifier
	if text, ok := v.(string); ok {
		return jsontext.AppendQuote(b, text)
	}
	text, err := json.Marshal(v, json.Deterministic(true))
	return append(b, text...), err
}

// ended closes the object.
func ended(b []byte) []byte {
	if len(b) == 0 {
		b = append(b, '{')
	}
	return append(b, '}')
}

// Seal puts values into an envelope; none into nothing.
func (s *Sealer) Seal(county, typ, record string, values map[string]any) ([]byte, error) {
	if len(values) == 0 {
		return nil, nil
	}
	plain, err := json.Marshal(values, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	return s.sealed(plain, about(county, typ, record))
}

// sealed is a text in an envelope that is bound to what it is about.
func (s *Sealer) sealed(plain, about []byte) ([]byte, error) {
	out := make([]byte, wrapped+nonce, wrapped+nonce+len(plain)+s.aead.Overhead())
	copy(out, s.wrapped)
	s.mu.Lock()
	_, err := io.ReadFull(s.rand, out[wrapped:])
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return s.aead.Seal(out, out[wrapped:], plain, about), nil
}

// Blind is by what the province finds the same number in all counties.
func (s *Sealer) Blind(number string) string { return blindOf(s.blind, number) }

func blindOf(key []byte, number string) string {
	if number == "" {
		return ""
	}
	mac := hmac.New(sm3.New, key)
	_, _ = io.WriteString(mac, "province number\x00"+number)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Opener opens envelopes at the province. It is safe for concurrent use.
type Opener struct {
	private *sm2.PrivateKey
	blind   []byte
	mu      sync.Mutex
	known   map[[wrapped]byte]cipher.AEAD
}

// mostKeys bounds the data keys that are kept unwrapped: one for each county and start.
const mostKeys = 4096

// NewOpener opens what was sealed to the province.
func NewOpener(k *ProvinceKeys) (*Opener, error) {
	private, err := sm2.NewPrivateKey(k.Private)
	if err != nil {
		return nil, fmt.Errorf("province: its private key: %w", err)
	}
	return &Opener{private: private, blind: k.Blind, known: map[[wrapped]byte]cipher.AEAD{}}, nil
}

// Blind is the same as the counties'.
func (o *Opener) Blind(number string) string { return blindOf(o.blind, number) }

// Open opens an envelope; nothing holds nothing.
func (o *Opener) Open(county, typ, record string, sealed []byte) (map[string]any, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	plain, err := o.opened(sealed, about(county, typ, record))
	if err != nil {
		return nil, err
	}
	var values map[string]any
	return values, json.UnmarshalRead(bytes.NewReader(plain), &values)
}

// opened is the text in an envelope.
func (o *Opener) opened(sealed, about []byte) ([]byte, error) {
	if len(sealed) < wrapped+nonce {
		return nil, errors.New("province: an envelope is cut off")
	}
	aead, err := o.keyOf([wrapped]byte(sealed))
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, sealed[wrapped:wrapped+nonce], sealed[wrapped+nonce:], about)
	if err != nil {
		return nil, errors.New("province: an envelope does not open: it was changed, or belongs to another record")
	}
	return plain, nil
}

func (o *Opener) keyOf(w [wrapped]byte) (cipher.AEAD, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if k := o.known[w]; k != nil {
		return k, nil
	}
	secret, err := o.private.Decrypt(nil, w[:], sm2.NewPlainDecrypterOpts(sm2.C1C3C2))
	if err != nil || len(secret) != keyBytes {
		return nil, errors.New("province: a data key is wrapped for another province")
	}
	aead, err := aeadOf(secret)
	if err != nil {
		return nil, err
	}
	if len(o.known) >= mostKeys {
		clear(o.known)
	}
	o.known[w] = aead
	return aead, nil
}

func (k *CountyKeys) encryptTo() (*ecdsa.PublicKey, error) {
	public, err := sm2.NewPublicKey(k.Public)
	if err != nil {
		return nil, fmt.Errorf("province: its public key: %w", err)
	}
	return public, nil
}
