package wire

import (
	"bytes"
	"compress/flate"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/go-json-experiment/json"
)

// HandKeyFile is the keys' name in a county's data directory; a backup has it. With another
// one, offers on their way to the county cannot be opened, and are refused.
const HandKeyFile = "handover.key"

// HandKeys are a county's own, made by itself and never sent: they open what other
// counties seal to it, and mark its offers.
type HandKeys struct {
	Private []byte `json:"private"` // SM2
	Mark    []byte `json:"mark"`    // HMAC-SM3
}

// NewHandKeys makes them.
func NewHandKeys(random io.Reader) (*HandKeys, error) {
	private, err := sm2.GenerateKey(random)
	if err != nil {
		return nil, err
	}
	k := &HandKeys{Private: private.D.FillBytes(make([]byte, 32)), Mark: make([]byte, 32)}
	_, err = io.ReadFull(random, k.Mark)
	return k, err
}

// ParseHandKeys reads a county's file.
func ParseHandKeys(text []byte) (*HandKeys, error) {
	var k HandKeys
	if err := json.Unmarshal(text, &k); err != nil || len(k.Private) != 32 || len(k.Mark) != 32 {
		return nil, errKeys
	}
	_, err := publicOf(k.Private)
	return &k, err
}

// Public is what others seal to.
func (k *HandKeys) Public() ([]byte, error) { return publicOf(k.Private) }

// Ticket marks an offer as this county's own.
func (k *HandKeys) Ticket(id, to, household string) string {
	mac := hmac.New(sm3.New, k.Mark)
	_, _ = io.WriteString(mac, "handover\x00"+id+"\x00"+to+"\x00"+household)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Mine reports whether a ticket is one of this county's.
func (k *HandKeys) Mine(ticket, id, to, household string) bool {
	return hmac.Equal([]byte(ticket), []byte(k.Ticket(id, to, household)))
}

// mostOpened bounds what a sealed word may unpack to.
const mostOpened = 4 << 20

// ErrLarge: what was to be sealed does not go into one message.
var ErrLarge = errors.New("province: what is handed over does not fit into one message")

// SealTo packs a text and seals it to a county's public key, bound to what it is about:
// a data key of its own, wrapped with SM2, and SM4-GCM, as the province's envelopes are.
func SealTo(public []byte, what string, plain []byte, random io.Reader) ([]byte, error) {
	var packed bytes.Buffer
	z, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(plain); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if packed.Len() > mostSealed-wrapped-nonce-16 || len(plain) > mostOpened {
		return nil, fmt.Errorf("%w: %d bytes of %d", ErrLarge, packed.Len(), len(plain))
	}
	s, err := NewSealer(&CountyKeys{Public: public}, random)
	if err != nil {
		return nil, err
	}
	return s.sealed(packed.Bytes(), []byte("handover/"+what))
}

// Open opens what was sealed to this county.
func (k *HandKeys) Open(what string, sealed []byte) ([]byte, error) {
	o, err := NewOpener(&ProvinceKeys{Private: k.Private})
	if err != nil {
		return nil, err
	}
	packed, err := o.opened(sealed, []byte("handover/"+what))
	if err != nil {
		return nil, err
	}
	z := flate.NewReader(bytes.NewReader(packed))
	plain, err := io.ReadAll(io.LimitReader(z, mostOpened+1))
	if err == nil && len(plain) > mostOpened {
		err = errors.New("province: a handover unpacks to too much")
	}
	return plain, err
}

// nameOf changes with the cards, and with nothing else.
func nameOf(cards []Card) string {
	sum := sha256.New()
	for _, c := range cards {
		_, _ = fmt.Fprintf(sum, "%q %q %x\n", c.County, c.Name, c.Public)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
