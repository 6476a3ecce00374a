package wire

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Digest is the content of an operation in 32 bytes: the SHA-256 of its JSON
// without its n, in RFC 8785 canonical form. The same op sent again has the same
// digest, whatever its white space, the order of its members, the spelling of
// its numbers, or the n under which another device issues it anew.
//
// It fails on what has no canonical form (malformed JSON, a name twice in one
// object, invalid UTF-8) and on what is no object. A number beyond a double
// counts as the greatest one: such an op can be named, and so be rejected for
// its value alone, without holding up the ones around it.
func Digest(rawOp []byte) ([sha256.Size]byte, error) {
	canonical, err := canonicalOp(rawOp)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("digest of an op: %w", err)
	}
	return sha256.Sum256(canonical), nil
}

// canonicalOp is the text that is hashed.
func canonicalOp(rawOp []byte) ([]byte, error) {
	op := jsontext.Value(bytes.Clone(rawOp))
	if err := op.Canonicalize(); err != nil {
		return nil, err
	}
	return withoutN(op)
}

// withoutN cuts the member n out of a canonical object. The others keep their
// bytes, and so stay canonical.
func withoutN(op jsontext.Value) ([]byte, error) {
	decoder := jsontext.NewDecoder(bytes.NewReader(op))
	if opening, err := decoder.ReadToken(); err != nil || opening.Kind() != '{' {
		return nil, errors.Join(errors.New("it is not a JSON object"), err)
	}
	rest := make([]byte, 1, len(op))
	rest[0] = '{'
	for decoder.PeekKind() != '}' {
		start := len(rest)
		if start > 1 {
			rest = append(rest, ',')
		}
		name, err := decoder.ReadValue()
		if err != nil {
			return nil, err
		}
		isN := string(name) == `"n"`
		rest = append(append(rest, name...), ':')
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, err
		}
		rest = append(rest, value...)
		if isN {
			rest = rest[:start]
		}
	}
	return append(rest, '}'), nil
}
