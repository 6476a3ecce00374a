package passphrase

import (
	"strings"
	"unicode"
)

// words are what the passwords that are used most are made of, here and elsewhere: a
// word, with digits or signs before or behind it. What is left of a passphrase without
// those is looked for.
var words = wordSet(`
	password passw0rd passwort passwd pass pwd mima mimashi secret geheim
	admin administrator adminadmin root system sysadmin manager guanliyuan user username test testtest tester guest demo default
	qwerty qwertyuiop qwert qwer qwerasdf qazwsx qazwsxedc qweasd qweasdzxc asdfgh asdfghjkl asdf zxcvbn zxcvbnm zxcv
	abc abcd abcde abcdef abcabc aaa aaaa aaaaaa aabbcc
	letmein welcome login hello helloworld iloveyou loveyou love lovely princess sunshine monkey dragon football baseball master shadow michael superman batman trustno freedom whatever computer internet changeme changeit
	woaini woaiwojia woaizhongguo woainima wobuzhidao nihao nihaoma zhongguo china zhonghua beijing shandong qingdao jiaozhou jiaozhoushi minzheng minzhengju shehuijiuzhu jiuzhu
	doorstep tiejiaoban tiejiaobantiejiaoban caonima taobao alibaba weixin wechat tencent huawei xiaomi iphone windows microsoft
	我爱你 我爱中国 密码 我的密码 这是密码 胶州 胶州市 民政 民政局 社会救助 铁脚板 你好 管理员 中华人民共和国`)

// rows are keyboards and alphabets, along which a finger slides.
var rows = []string{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!@#$%^&*()"}

var leet = strings.NewReplacer("@", "a", "0", "o", "1", "l", "3", "e", "5", "s", "$", "s", "7", "t")

func wordSet(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// common is whether little stands beside words that everybody uses.
func common(typed string) bool {
	typed = strings.ToLower(typed)
	for _, form := range []string{typed, leet.Replace(typed), leet.Replace(strings.TrimRightFunc(typed, notLetter))} {
		if core := letters(form); core != "" && allWords(core) {
			return true
		}
	}
	return slides(typed)
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// letters is a text without digits, signs and spaces.
func letters(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, typed)
}

// mostWords bounds how many words in a row are looked for.
const mostWords = 3

// allWords is whether a text is one to three words of the list, and nothing else.
func allWords(text string) bool { return wordsLeft([]rune(text), mostWords) }

func wordsLeft(text []rune, most int) bool {
	if len(text) == 0 {
		return true
	}
	if most == 0 {
		return false
	}
	for end := len(text); end > 0; end-- {
		if words[string(text[:end])] && wordsLeft(text[end:], most-1) {
			return true
		}
	}
	return false
}

// stretch is how many keys in a row are a slide, and not a chance.
const stretch = 4

// slides is whether more than half of a text runs along the keyboard or the alphabet, to
// and fro.
func slides(typed string) bool {
	text := []rune(typed)
	along := 0
	for i := 0; i < len(text); {
		n := slideAt(text[i:])
		if n >= stretch {
			along += n
			i += n
			continue
		}
		i++
	}
	return along*2 > len(text)
}

// slideAt is how far a text follows a row from its beginning.
func slideAt(text []rune) int {
	best := 1
	for _, row := range rows {
		for _, way := range []string{row, reversed(row)} {
			n := 0
			if at := strings.IndexRune(way, text[0]); at >= 0 {
				for _, r := range way[at:] {
					if n == len(text) || text[n] != r {
						break
					}
					n++
				}
			}
			best = max(best, n)
		}
	}
	return best
}

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
