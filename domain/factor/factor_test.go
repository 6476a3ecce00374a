package factor

import (
	"bytes"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

func TestACodeIsOfItsThirtySecondsAndTheOnesBeside(t *testing.T) {
	key, err := New("zhang", bytes.NewReader(bytes.Repeat([]byte("k"), 64)))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Again("zhang", key.Secret())
	if err != nil || again.Secret() != key.Secret() || again.URL() != key.URL() {
		t.Errorf("%v %s, not %s", err, again, key)
	}
	at := time.Date(2026, 11, 26, 8, 0, 5, 0, time.UTC)
	code, err := totp.GenerateCode(key.Secret(), at)
	if err != nil {
		t.Fatal(err)
	}
	for later, want := range map[time.Duration]bool{0: true, 30 * time.Second: true, -30 * time.Second: true, time.Minute: false, -time.Minute: false} {
		if step, err := Step(key.Secret(), Plain(code[:3]+" "+code[3:]), at.Add(later)); err != nil || (step != 0) != want || want && step != at.Unix()/30 {
			t.Errorf("%s later: %d %v", later, step, err)
		}
	}
}
