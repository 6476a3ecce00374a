package register

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// What is written down to find a household by, and what is asked for. Both are cut into
// the same letters: Chinese ones stand alone, so that any part of a name or an address is
// found; Latin letters and figures stay together as long as they are of one kind.

// betweenNames stands where one name ends: no name is found across two.
const betweenNames = "ǁ"

// letters cuts a text.
func letters(text string) []string {
	var out []string
	var run []rune
	var kind int
	flush := func() {
		if len(run) > 0 {
			out, run = append(out, string(run)), nil
		}
	}
	for _, r := range text {
		if r >= '！' && r <= '～' { // the full-width block mirrors ASCII
			r -= '！' - '!'
		}
		k := 0
		switch {
		case unicode.IsDigit(r):
			k = 1
		case r < unicode.MaxASCII && unicode.IsLetter(r):
			k, r = 2, unicode.ToLower(r)
		case unicode.IsLetter(r):
			k = 3
		}
		if k != kind || k == 3 {
			flush()
		}
		if kind = k; k > 0 {
			run = append(run, r)
		}
	}
	flush()
	return out
}

// surnames are read in their own way, and so in the tablet's search (web/src/tablet/data/pinyin.ts).
var surnames = map[rune]string{
	'单': "shan", '曾': "zeng", '仇': "qiu", '解': "xie", '查': "zha", '盖': "ge", '区': "ou", '朴': "piao", '任': "ren", '覃': "qin",
	'尉': "yu", '翟': "zhai", '乐': "yue", '缪': "miao", '晁': "chao", '员': "yun", '黑': "he", '种': "chong", '秘': "bi", '冼': "xian",
}

// mostReadings bounds the spellings of one name; mostOfLetter those of one letter: what
// comes after is rare, and found under other people's names.
const mostReadings, mostOfLetter = 6, 2

var spelling = pinyin.Args{Style: pinyin.Normal, Heteronym: true}

// read keeps how letters are read: names repeat their letters, and looking one up takes long.
var read sync.Map

// readings is how a letter is read, the usual way first.
func readings(r rune, first bool) []string {
	known, ok := read.Load(r)
	if !ok { // of the letters of the dictionary: that many at most
		if known = pinyin.SinglePinyin(r, spelling); len(known.([]string)) > 0 {
			read.Store(r, known)
		}
	}
	all := known.([]string)
	if own := surnames[r]; first && own != "" {
		all = append([]string{own}, all...)
	}
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s) && len(out) < mostOfLetter {
			out = append(out, s)
		}
	}
	return out
}

// spellings are the pinyin (拼音) by which a name is found: whole, from each of its
// letters on, and by its initials.
func spellings(name string) []string {
	ways := [][]string{nil}
	for i, r := range []rune(name) {
		said := readings(r, i == 0)
		if len(said) == 0 {
			continue
		}
		var longer [][]string
		for _, s := range said {
			for _, way := range ways {
				if len(longer) < mostReadings {
					longer = append(longer, append(slices.Clone(way), s))
				}
			}
		}
		ways = longer
	}
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, way := range ways {
		initials := ""
		for i, s := range way {
			add(strings.Join(way[i:], ""))
			initials += s[:1]
		}
		add(initials)
	}
	return out
}

// codes are a household's number and telephones, whole and by their ends.
func codes(all ...string) []string {
	var out []string
	for _, c := range all {
		parts := letters(c)
		whole := strings.Join(parts, "")
		if whole == "" {
			continue
		}
		out = append(out, whole)
		if len(parts) > 1 { // the running number of a household within its village
			out = append(out, parts[len(parts)-1])
		}
		for _, tail := range []int{4, 6, 8} {
			if len(whole) > tail {
				out = append(out, whole[len(whole)-tail:])
			}
		}
	}
	return out
}

// maxWords bounds what is asked for at once.
const maxWords = 8

// question is what was typed in the index's own language; "" is a question that nothing answers.
// All words must be found: Chinese ones in names and addresses, Latin ones as pinyin or
// code, figures as code or in an address.
func question(text string) string {
	var all []string
	for _, word := range strings.Fields(text) {
		parts := letters(word)
		if len(parts) == 0 || len(all) == maxWords {
			continue
		}
		phrase, whole := `"`+strings.Join(parts, " ")+`"`, `"`+strings.Join(parts, "")+`" *`
		last := []rune(parts[len(parts)-1])
		if last[0] < unicode.MaxASCII { // the end of what is still being typed
			phrase += " *"
		}
		switch {
		case strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) && (r < '！' || r > '～') }):
			all = append(all, `{names place} : `+phrase)
		case strings.ContainsFunc(word, unicode.IsDigit):
			all = append(all, `({code} : `+whole+` OR {place} : `+phrase+`)`)
		default:
			all = append(all, `{spelling code} : `+whole)
		}
	}
	return strings.Join(all, " AND ")
}

// wordsIn is how many words of a question a name answers, to say whose of a household.
func wordsIn(name, text string) int {
	n := 0
	var spelled []string
	if strings.ContainsFunc(text, func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) }) {
		spelled = spellings(name)
	}
	for _, word := range strings.Fields(text) {
		whole := strings.Join(letters(word), "")
		if whole != "" && (strings.Contains(name, word) || slices.ContainsFunc(spelled, func(s string) bool { return strings.HasPrefix(s, whole) })) {
			n++
		}
	}
	return n
}
