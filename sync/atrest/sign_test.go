package atrest

import (
	"path/filepath"
	"testing"
)

func signed(t *testing.T, s *Signer, text string) (public *PublicKey, sum, signature []byte) {
	t.Helper()
	h, err := s.Hash()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = h.Write([]byte(text))
	sum = h.Sum(nil)
	if signature, err = s.Sign(sum); err != nil {
		t.Fatal(err)
	}
	pem, err := s.Public()
	if err != nil {
		t.Fatal(err)
	}
	if public, err = ParsePublic(pem); err != nil {
		t.Fatal(err)
	}
	return public, sum, signature
}

func TestASignatureIsOfItsTextAndItsKeyAlone(t *testing.T) {
	dir := t.TempDir()
	mine, theirs := filepath.Join(dir, "mine"), filepath.Join(dir, "theirs")
	ringAt(t, mine)
	ringAt(t, theirs)
	s, err := SigningKey(mine, day)
	if err != nil {
		t.Fatal(err)
	}
	other, err := SigningKey(theirs, day)
	if err != nil {
		t.Fatal(err)
	}
	public, sum, signature := signed(t, s, "甲")
	if !public.Valid(sum, signature) {
		t.Fatal("it is not valid")
	}
	for i := range sum {
		sum[i] ^= 1
		if public.Valid(sum, signature) {
			t.Fatalf("valid of another text, at %d", i)
		}
		sum[i] ^= 1
	}
	for i := range signature {
		signature[i] ^= 1
		if public.Valid(sum, signature) {
			t.Fatalf("valid when changed at %d", i)
		}
		signature[i] ^= 1
	}
	foreign, _, _ := signed(t, other, "甲")
	if foreign.Valid(sum, signature) {
		t.Error("another key takes it for its own")
	}
	a, errA := public.Fingerprint()
	b, errB := foreign.Fingerprint()
	if errA != nil || errB != nil || a == b || len(a) != 35 {
		t.Errorf("fingerprints %q %q %v %v", a, b, errA, errB)
	}
}

// The key that signs is made once, and stays through copies, rotations, retirements and a
// restore: what was signed is checked for years.
func TestTheSigningKeyStays(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "ring"), filepath.Join(dir, "copy")
	ringAt(t, path)
	first, err := SigningKey(path, day)
	if err != nil {
		t.Fatal(err)
	}
	if err := Copy(path, copied); err != nil {
		t.Fatal(err)
	}
	if err := Rotate(path, Ciphers[0], true, day); err != nil {
		t.Fatal(err)
	}
	if _, err := Retire(path); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(dir, "fresh")
	ringAt(t, fresh)
	if err := Join(fresh, copied); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{path, copied, fresh} {
		s, err := SigningKey(at, day)
		if err != nil || s.ID != first.ID || !s.key.Equal(first.key) {
			t.Errorf("%s: %v, %v", at, s, err)
		}
	}
	if ringAt(t, path) == nil {
		t.Error("the ring is not read any more")
	}
}

func TestWhatIsNoKeyIsSaid(t *testing.T) {
	for _, text := range []string{"", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"} {
		if _, err := ParsePublic([]byte(text)); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}
