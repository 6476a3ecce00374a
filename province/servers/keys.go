package servers

import (
	"crypto/rand"
	"testing"

	"doorstep/province/wire"
)

// Keys are a new province's, the half of them that its counties have, and what opens what
// they seal.
func Keys(t testing.TB) (*wire.ProvinceKeys, *wire.CountyKeys, *wire.Opener) {
	t.Helper()
	keys, err := wire.NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	county, err := keys.County()
	if err != nil {
		t.Fatal(err)
	}
	opener, err := wire.NewOpener(keys)
	if err != nil {
		t.Fatal(err)
	}
	return keys, county, opener
}
