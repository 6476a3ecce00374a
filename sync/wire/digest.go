package wire

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Digest is the content of an operation in 32 bytes: the SHA-256 of its JSON
// without its n, in RFC 8785 canonical form. The same op sent again has the same
// digest, whatever its white space, the order of its members, the spelling of
// its numbers, or the n under which another device issues it anew.
//
// It fails on what has no canonical form (malformed JSON, a name twice in one
// object, invalid UTF-8, a number that no double holds) and on what is no object.
func Digest(rawOp []byte) ([sha256.Size]byte, error) {
	canonical, err := canonicalOp(rawOp)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("digest of an op: %w", err)
	}
	return sha256.Sum256(canonical), nil
}

// canonicalOp is the text that is hashed.
func canonicalOp(rawOp []byte) ([]byte, error) {
	if err := checkNumbers(rawOp); err != nil {
		return nil, err
	}
	op := jsontext.Value(bytes.Clone(rawOp))
	if err := op.Canonicalize(); err != nil {
		return nil, err
	}
	return withoutN(op)
}

// checkNumbers refuses a number beyond a double. Canonicalize would clamp it,
// and so make different ops look the same.
func checkNumbers(raw []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := decoder.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if token.Kind() != '0' {
			continue
		}
		if _, err := token.Float(); err != nil {
			return fmt.Errorf("the number at %s is out of range: %w", decoder.StackPointer(), err)
		}
	}
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
