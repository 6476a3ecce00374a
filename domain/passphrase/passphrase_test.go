package passphrase

import (
	"strings"
	"testing"
)

func TestAPassphraseThatIsEasilyGuessedIsRefusedByItsRule(t *testing.T) {
	own := []string{"13900001111@local.doorstep", "wangfang@jz.test", "王芳芳"}
	for typed, want := range map[string]string{
		"":                            "short",
		"Kx9-q2":                      "short",
		strings.Repeat("春风", 12):      "long",
		"13900001111abc":              "own",
		"WangFang-likes-tea":          "own",
		"王芳芳喜欢喝茶看书吗":                  "own",
		"19680512345":                 "digits",
		"1968-05-12 139":              "digits",
		"aaaaaaaaaa":                  "repeated",
		"abababababab":                "repeated",
		"password123":                 "common",
		"P@ssw0rd2026":                "common",
		"Admin@123456":                "common",
		"qwertyuiop":                  "common",
		"1qaz2wsx3edc":                "common",
		"abcdefghijk":                 "common",
		"woaini1314520":               "common",
		"Jiaozhou2026!":               "common",
		"民政局社会救助管理员":                  "common",
		"zxcvbnm,./1":                 "common",
		"9876543210a":                 "common",
		"bc7d-kmqr-x2wp-9fgh":         "", // as slips have it
		"Right-horse-2026":            "",
		"村口老槐树三棵都开花了":                 "",
		"lanse-shuibei-42":            "",
		"my tablet is blue and heavy": "",
		"fang likes green tea":        "", // part of a login is not the login
	} {
		if got, text := Fault(typed, own...); got != want || (got == "") != (text == "") {
			t.Errorf("%q: %q (%s), want %q", typed, got, text, want)
		}
	}
}

func TestEveryRuleTellsWhatToDo(t *testing.T) {
	for _, r := range rules {
		if !strings.Contains(r.text, "密码") || !strings.HasSuffix(r.text, "。") {
			t.Errorf("%s: %q", r.code, r.text)
		}
	}
}
