package atrest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

func ringAt(t *testing.T, path string) *Ring {
	t.Helper()
	r, err := Load(path, day)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ring(t *testing.T) *Ring { return ringAt(t, filepath.Join(t.TempDir(), "keys", File)) }

func TestASealedValueShowsNothingAndOpensOnlyWhereItBelongs(t *testing.T) {
	r := ring(t)
	const number = "11010519491231002X"
	for _, about := range []string{"m1", "m2"} {
		b, err := r.Seal(about, []byte(number))
		if err != nil || bytes.Contains(b, []byte(number[:6])) || !Sealed(b) {
			t.Fatalf("%x, %v", b, err)
		}
		if plain, err := r.Open(about, b); err != nil || string(plain) != number {
			t.Fatalf("%q, %v", plain, err)
		}
		if _, err := r.Open("m3", b); err == nil {
			t.Fatal("it opened for another record")
		}
		for i := range b {
			c := bytes.Clone(b)
			c[i] ^= 1
			if plain, err := r.Open(about, c); err == nil && i > 0 { // without its mark it is taken as lying open
				t.Fatalf("changed at %d it opened as %q", i, plain)
			}
		}
		for n := 1; n < len(b); n++ {
			if _, err := r.Open(about, b[:n]); err == nil {
				t.Fatalf("cut to %d it opened", n)
			}
		}
	}
	a, _ := r.SealText("m1", number)
	b, _ := r.SealText("m1", number)
	if a == b {
		t.Fatal("sealed twice it is the same")
	}
	if plain, err := r.OpenText("m1", a); err != nil || plain != number {
		t.Fatalf("%q, %v", plain, err)
	}
	for _, open := range []string{"", "护照 E12345678", `{"n":1}`} {
		if plain, err := r.OpenText("m1", open); err != nil || plain != open {
			t.Fatalf("what lies open: %q, %v", plain, err)
		}
	}
}

func TestARotationSealsWithTheNewKeyAndOpensTheOld(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	r := ringAt(t, path)
	old, _ := r.SealText("m", "11010519491231002X")
	blind := r.Blind("11010519491231002X")
	for _, cipher := range []string{"aes-256-gcm", "sm4-gcm"} {
		if err := Rotate(path, cipher, true, day); err != nil {
			t.Fatal(err)
		}
		if err := r.Reload(); err != nil {
			t.Fatal(err)
		}
		if r.CurrentText(old) || r.CurrentBlind(blind) {
			t.Fatal("what the old keys made counts as current")
		}
		if plain, err := r.OpenText("m", old); err != nil || plain != "11010519491231002X" {
			t.Fatalf("%q, %v", plain, err)
		}
		now, _ := r.SealText("m", "11010519491231002X")
		if !r.CurrentText(now) || !r.CurrentBlind(r.Blind("x")) {
			t.Fatal("what the new keys made is not current")
		}
		found := false
		for _, b := range r.Blinds("11010519491231002X") {
			found = found || b == blind
		}
		if !found {
			t.Fatal("what the index has under the old blind key is not asked for")
		}
	}
	if taken, err := Retire(path); err != nil || taken != 4 {
		t.Fatalf("%d, %v", taken, err)
	}
	if err := r.Reload(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.OpenText("m", old); !errors.Is(err, ErrNoKey) {
		t.Fatalf("without its key: %v", err)
	}
}

func TestTheFileIsItsOwnersAloneAndADamagedOneIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), File)
	r := ringAt(t, path)
	sealed, _ := r.SealText("m", "x")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"empty": "", "no keys": "{}", "cut off": string(whole[:len(whole)/2]),
		"another cipher": strings.Replace(string(whole), "sm4-gcm", "rot13", 1)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := r.Reload(); err == nil || !strings.Contains(err.Error(), "密钥文件") {
			t.Fatalf("%s: %v", what, err)
		}
		if _, err := Load(path, day); err == nil {
			t.Fatalf("%s: a new ring was made over it", what)
		}
		if plain, err := r.OpenText("m", sealed); err != nil || plain != "x" {
			t.Fatalf("%s: the keys in memory went with it: %v", what, err)
		}
	}
	if _, err := load(filepath.Join(t.TempDir(), File), day, io.LimitReader(random, 3)); err == nil {
		t.Fatal("a key was made without randomness")
	}
}

func TestBlindsAreEqualForEqualsAndUnderAnotherRingOthers(t *testing.T) {
	a, b := ring(t), ring(t)
	one := a.Blind("1")
	if one != a.Blind("1") || one == a.Blind("2") || a.Blind("1") == b.Blind("1") || a.Blind("") != "" {
		t.Fatal(a.Blind("1"), a.Blind("2"), b.Blind("1"))
	}
	if got := a.Blinds("1", "", "2"); len(got) != 2 || got[0] != a.Blind("1") {
		t.Fatal(got)
	}
}
