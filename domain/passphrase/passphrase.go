// Package passphrase says what a person may choose to sign in with. One table of rules,
// each with the sentence that is shown where one is typed; no rule asks for a capital or
// a sign, which make people write passphrases on the tablet's back.
//
// It is pure: it stores and compares nothing, and knows no account but the words that
// it is given as the account's own.
package passphrase

import (
	"strings"
	"unicode"
)

// Bounds: characters that are asked for, and bytes that bcrypt looks at.
const (
	Least     = 10
	MostBytes = 71
)

// rule is one way in which a passphrase is none.
type rule struct {
	code   string
	text   string // what is wrong, and what to do
	breaks func(typed string, own []string) bool
}

var rules = []rule{
	{"short", "密码至少要 10 个字符，可以用一句话，例如几个词连写。", func(typed string, _ []string) bool { return len([]rune(typed)) < Least }},
	{"long", "密码太长了，最多 71 个字母或 23 个汉字。", func(typed string, _ []string) bool { return len(typed) > MostBytes }},
	{"own", "密码里不能有登录名、手机号或姓名。", containsOwn},
	{"digits", "密码不能全是数字(生日、电话、证件号很容易被猜到)，请加上字母或汉字。", func(typed string, _ []string) bool {
		return strings.IndexFunc(typed, func(r rune) bool { return !unicode.IsDigit(r) && r != '-' && r != ' ' }) < 0
	}},
	{"repeated", "密码里重复的字符太多，请用不同的字符。", func(typed string, _ []string) bool { return distinct(typed) < leastDistinct }},
	{"common", "这个密码很多人都在用，很容易被猜到，请换一个。", func(typed string, _ []string) bool { return common(typed) }},
}

const leastDistinct = 5

// Fault is the first rule that a passphrase breaks: its code and its sentence, "" for
// none. own are the account's login, telephone and name.
func Fault(typed string, own ...string) (code, text string) {
	for _, r := range rules {
		if r.breaks(typed, own) {
			return r.code, r.text
		}
	}
	return "", ""
}

// A word of the account counts from two characters and four bytes on: a name of two
// Chinese characters does, a login of three letters does not.
const (
	shortestOwn   = 2
	shortestBytes = 4
)

func containsOwn(typed string, own []string) bool {
	typed = strings.ToLower(typed)
	for _, word := range own {
		word = strings.ToLower(strings.TrimSpace(word))
		if at := strings.IndexByte(word, '@'); at > 0 {
			word = word[:at]
		}
		if len([]rune(word)) >= shortestOwn && len(word) >= shortestBytes && strings.Contains(typed, word) {
			return true
		}
	}
	return false
}

func distinct(typed string) int {
	seen := map[rune]bool{}
	for _, r := range strings.ToLower(typed) {
		seen[r] = true
	}
	return len(seen)
}
