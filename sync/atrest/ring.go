// Package atrest seals what must not lie open on the server's disk (等保三级 and the
// Personal Information Protection Law, docs/decisions/0046): ID numbers, what operations
// say, pictures. It holds the county's ring of keys, which lies outside the database. It
// is not for what tablets seal to the server (sync/sealing), and decides nothing about
// who may read.
package atrest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Ring is the county's keys: one seals what is written, all of them open what was. A nil
// ring seals nothing, and opens only what lies open. It is safe for concurrent use.
type Ring struct {
	path string
	rand io.Reader
	now  atomic.Pointer[keys]
	read atomic.Pointer[time.Time] // the file's time when it was read
}

// keys are a ring's as its file has them.
type keys struct {
	sealing []*key // the last one seals
	blind   []blindKey
	byID    map[[idBytes]byte]*key
}

type key struct {
	id     [idBytes]byte
	cipher string
	aead   cipher.AEAD
}

type blindKey struct {
	id  [idBytes]byte
	key []byte
}

// A sealed value is mark, the key's id, the nonce, what was sealed, and its tag (16
// bytes). Nothing that lies open begins with the mark: it is no UTF-8.
const (
	mark    = 0xfd
	idBytes = 4
	nonce   = 12
	head    = 1 + idBytes + nonce
)

// prefix begins a sealed value where the column holds text; base64 of it follows.
const prefix = "sealed:"

// ErrNoKey: a value is sealed under a key that is not in the ring.
var ErrNoKey = errors.New("atrest: sealed under a key that is not in the ring")

// Ciphers are the names a key can have, the first for new keys: GB/T 32907 or AES, both
// with GCM.
var Ciphers = []string{"sm4-gcm", "aes-256-gcm"}

// keySize is how many bytes a cipher's key has.
func keySize(name string) int {
	return map[string]int{"sm4-gcm": sm4.BlockSize, "aes-256-gcm": 32}[name]
}

func newAEAD(name string, secret []byte) (cipher.AEAD, error) {
	if len(secret) != keySize(name) || len(secret) == 0 {
		return nil, fmt.Errorf("atrest: a key of cipher %q with %d bytes", name, len(secret))
	}
	block, err := aes.NewCipher(secret)
	if name == "sm4-gcm" {
		block, err = sm4.NewCipher(secret)
	}
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Seal seals bytes. about is whose they are (a record's or an operation's id): a sealed
// value opens nowhere else.
func (r *Ring) Seal(about string, plain []byte) ([]byte, error) {
	if r == nil || len(plain) == 0 {
		return plain, nil
	}
	all := r.now.Load().sealing
	k := all[len(all)-1]
	out := make([]byte, head, head+len(plain)+k.aead.Overhead())
	out[0] = mark
	copy(out[1:], k.id[:])
	if _, err := io.ReadFull(r.rand, out[1+idBytes:]); err != nil {
		return nil, err
	}
	return k.aead.Seal(out, out[1+idBytes:], plain, []byte(about)), nil
}

// Open opens what Seal sealed; what lies open is answered as it is. Errors: ErrNoKey, or
// that the value was changed or belongs elsewhere.
func (r *Ring) Open(about string, sealed []byte) ([]byte, error) {
	if !Sealed(sealed) {
		return sealed, nil
	}
	if len(sealed) < head {
		return nil, errors.New("atrest: a sealed value is cut off")
	}
	if r == nil {
		return nil, ErrNoKey
	}
	k := r.now.Load().byID[[idBytes]byte(sealed[1:])]
	if k == nil {
		return nil, fmt.Errorf("%w: %x", ErrNoKey, sealed[1:1+idBytes])
	}
	plain, err := k.aead.Open(nil, sealed[1+idBytes:head], sealed[head:], []byte(about))
	if err != nil {
		return nil, fmt.Errorf("atrest: a sealed value of %s does not open: it was changed, or belongs elsewhere", about)
	}
	return plain, nil
}

// Sealed reports whether bytes are a sealed value.
func Sealed(b []byte) bool { return len(b) > 0 && b[0] == mark }

// SealText is Seal for a column that holds text.
func (r *Ring) SealText(about, plain string) (string, error) {
	if r == nil || plain == "" {
		return plain, nil
	}
	b, err := r.Seal(about, []byte(plain))
	return prefix + base64.RawStdEncoding.EncodeToString(b), err
}

// OpenText opens what SealText sealed; what lies open is answered as it is.
func (r *Ring) OpenText(about, text string) (string, error) {
	rest, sealed := strings.CutPrefix(text, prefix)
	if !sealed {
		return text, nil
	}
	b, err := base64.RawStdEncoding.DecodeString(rest)
	if err != nil || !Sealed(b) {
		return "", errors.New("atrest: a sealed text is damaged")
	}
	b, err = r.Open(about, b)
	return string(b), err
}

// SealedText reports whether a column's text is sealed.
func SealedText(text string) bool { return strings.HasPrefix(text, prefix) }

// Current reports whether a value needs no new seal: it is empty, or sealed under the key
// that seals now.
func (r *Ring) Current(b []byte) bool {
	if r == nil || len(b) == 0 {
		return true
	}
	all := r.now.Load().sealing
	return len(b) >= head && Sealed(b) && [idBytes]byte(b[1:]) == all[len(all)-1].id
}

// CurrentText is Current for a column that holds text.
func (r *Ring) CurrentText(text string) bool {
	if r == nil || text == "" {
		return true
	}
	if rest, sealed := strings.CutPrefix(text, prefix); sealed {
		b, err := base64.RawStdEncoding.DecodeString(rest)
		return err == nil && r.Current(b)
	}
	return false
}

// Blind is what an index has in a value's place (HMAC-SM3 under the newest blind key, 16
// bytes in hex): equal values are found by it, and nobody without the key can try numbers.
// Of nothing it is nothing.
func (r *Ring) Blind(value string) string {
	if r == nil || value == "" {
		return value
	}
	all := r.now.Load().blind
	return all[len(all)-1].of(value)
}

// Blinds are all that an index may have in a value's place while a new blind key is being
// brought in; one, mostly.
func (r *Ring) Blinds(values ...string) []string {
	var out []string
	for _, v := range values {
		if v == "" {
			continue
		}
		if r == nil {
			out = append(out, v)
			continue
		}
		for _, k := range slices.Backward(r.now.Load().blind) {
			out = append(out, k.of(v))
		}
	}
	return out
}

func (k *blindKey) of(value string) string {
	m := hmac.New(sm3.New, k.key)
	_, _ = io.WriteString(m, value)
	return fmt.Sprintf("%x:%x", k.id, m.Sum(nil)[:16])
}

// CurrentBlind reports whether an index's entry was made with the newest blind key.
func (r *Ring) CurrentBlind(blind string) bool {
	if r == nil || blind == "" {
		return true
	}
	all := r.now.Load().blind
	return strings.HasPrefix(blind, fmt.Sprintf("%x:", all[len(all)-1].id))
}

// Names say which keys seal and blind now: what is written down beside what was done with
// them. They tell nothing about the keys.
func (r *Ring) Names() (sealing, blind string) {
	if r == nil {
		return "", ""
	}
	k := r.now.Load()
	return fmt.Sprintf("%x", k.sealing[len(k.sealing)-1].id), fmt.Sprintf("%x", k.blind[len(k.blind)-1].id)
}

// Has reports whether a key that sealed or blinded is in the ring.
func (r *Ring) Has(sealing, blind string) bool {
	if r == nil {
		return sealing == ""
	}
	k := r.now.Load()
	return slices.ContainsFunc(k.sealing, func(x *key) bool { return fmt.Sprintf("%x", x.id) == sealing }) &&
		slices.ContainsFunc(k.blind, func(x blindKey) bool { return fmt.Sprintf("%x", x.id) == blind })
}

var random io.Reader = rand.Reader
