package sealing

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hpke"
	"encoding/base64"
	"errors"
	"fmt"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json/jsontext"
)

// What a sealed key is for. It is HPKE's info: a key sealed for one purpose does not
// open for the other.
const (
	Handover = "doorstep handover 1"
	Recovery = "doorstep recovery 1"
)

const (
	encBytes   = 65 // an uncompressed P-256 point
	nonceBytes = 12
	keyBytes   = 32
	kindJSON   = 0 // the first byte of a body that is JSON
)

// ErrSealed says that something does not open: it was sealed to another key, for
// another account or purpose, or it was changed.
var ErrSealed = errors.New("sealing: it does not open with this server's key for this account")

// OpenKey opens a sealed key of an account.
func (k *Key) OpenKey(purpose, account, sealed string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) <= encBytes {
		return nil, ErrSealed
	}
	r, err := hpke.NewRecipient(raw[:encBytes], k.private, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(purpose))
	if err != nil {
		return nil, ErrSealed
	}
	key, err := r.Open([]byte(account), raw[encBytes:])
	if err != nil || len(key) != keyBytes {
		return nil, ErrSealed
	}
	return key, nil
}

// OpenOp is an op as the tablet would have pushed it: its body under the sealed key,
// with its number in front.
func (k *Key) OpenOp(account string, op wire.SealedOp) (jsontext.Value, error) {
	key, err := k.OpenKey(Handover, account, op.Key)
	if err != nil {
		return nil, err
	}
	body, err := openBody(key, op.ID, op.Data)
	if err != nil {
		return nil, err
	}
	members := bytes.TrimLeft(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("{")), " \t\r\n")
	numbered := fmt.Appendf(nil, `{"n":%d,`, op.N)
	if len(members) > 0 && members[0] == '}' {
		numbered = numbered[:len(numbered)-1]
	}
	return append(numbered, members...), nil
}

// openBody decrypts a body as the tablet's database holds it, under the op's id.
func openBody(key []byte, id, data string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(data)
	if err != nil || len(raw) <= nonceBytes {
		return nil, ErrSealed
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, raw[:nonceBytes], raw[nonceBytes:], []byte(id))
	if err != nil || len(plain) < 2 || plain[0] != kindJSON {
		return nil, ErrSealed
	}
	return plain[1:], nil
}
