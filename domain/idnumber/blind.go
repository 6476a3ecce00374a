package idnumber

import (
	"crypto/hmac"
	"encoding/hex"

	"github.com/emmansun/gmsm/sm3"
)

// BlindLength is how many characters a blind number has.
const BlindLength = 32

// Blind is a keyed digest of the number (盲索引, HMAC-SM3): equal numbers have equal ones, and
// whoever has no key can neither read the number nor try all of them. 128 bits are
// enough that no two people of a county share one.
func (n Number) Blind(key []byte) string {
	mac := hmac.New(sm3.New, key)
	mac.Write([]byte("id-number\x00"))
	mac.Write([]byte(n))
	return hex.EncodeToString(mac.Sum(nil)[:BlindLength/2])
}
