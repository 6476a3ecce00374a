// Package factor is the second factor (动态口令) by itself: six digits that a telephone's
// authenticator makes every thirty seconds (RFC 6238). It is pure; where a secret is kept,
// and which code was used, is its callers' (the county's register, the province's console).
package factor

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const (
	issuer  = "铁脚板"
	seconds = 30
	skew    = 1 // steps that a telephone's clock may be off, either way
)

// New makes a secret for an account.
func New(account string, random io.Reader) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Period: seconds, Rand: random})
}

// Again is the key of a secret that was made before.
func Again(account, secret string) (*otp.Key, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return nil, err
	}
	return totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Period: seconds, Secret: raw})
}

// Sealing is the cipher under which secrets are kept, by a key that lies elsewhere; use
// tells apart what else is derived from that key.
func Sealing(key []byte, use string) (cipher.AEAD, error) {
	mac := hmac.New(sha256.New, key)
	_, _ = io.WriteString(mac, use)
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Plain is a code without what people write between its digits.
func Plain(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
}

// Step is the thirty seconds whose code this is, 0 for a wrong one. A code is good once:
// its caller takes none whose step is not behind the last one taken.
func Step(secret, code string, now time.Time) (int64, error) {
	var found int64
	for off := -skew; off <= skew; off++ {
		at := now.Add(time.Duration(off) * seconds * time.Second)
		want, err := totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: seconds, Digits: otp.DigitsSix})
		if err != nil {
			return 0, err
		}
		if hmac.Equal([]byte(want), []byte(code)) {
			found = at.Unix() / seconds
		}
	}
	return found, nil
}
