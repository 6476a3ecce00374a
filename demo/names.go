package demo

import "time"

// Surnames as they are common around 胶州, the frequent ones several times.
var surnames = []string{
	"王", "王", "王", "王", "张", "张", "张", "李", "李", "李", "刘", "刘", "刘", "孙", "孙", "赵", "赵", "宋", "宋", "姜", "姜",
	"于", "于", "徐", "徐", "高", "高", "匡", "匡", "冷", "冷", "陈", "杨", "周", "马", "韩", "郭", "纪", "法", "宫", "逄", "綦", "毛", "殷", "矫", "尹", "范", "石", "万", "董", "栾", "邱", "邓", "管", "臧", "窦", "辛", "隋", "迟", "战",
}

// generation is how people of some years are named: the first character and the
// second, by sex; a part has one character only.
type generation struct {
	until                    int // born in this year or before
	male1, male2, fem1, fem2 []string
	single                   float64
}

var generations = []generation{
	{1957, chars("玉德世文明永振连维立清方绪兆希"), chars("山田祥福贵堂林海江和顺昌义忠祯"), chars("秀桂玉淑美兰月素翠凤春香"), chars("英兰花珍芳梅荣香莲云芝娥"), .05},
	{1977, chars("建国志永立洪培爱卫新学少云宝光"), chars("军国民强华平生明东胜刚杰忠良波"), chars("秀丽爱桂红玉海春淑美晓建"), chars("华芳霞英玲梅红萍娟凤丽云"), .12},
	{1997, chars("晓海俊志建春文庆学振鹏光伟"), chars("峰磊涛鹏龙飞斌超勇亮波强辉刚"), chars("晓海丽雪春文婷艳燕玉秋红"), chars("娜燕静丽敏婷艳霞娟洁萍倩"), .30},
	{9999, chars("子浩宇俊佳梓明泽文铭一家天皓"), chars("轩涵博宇豪辰睿晨泽航阳然诚琪"), chars("欣雨佳子梓思诗雅可梦语晨"), chars("涵怡萱彤琪蕊妍瑶宁悦菲琳"), .10},
}

func chars(s string) []string {
	var out []string
	for _, r := range s {
		out = append(out, string(r))
	}
	return out
}

// nameFor draws a full name for somebody of that surname, sex and birth date.
func (m *maker) nameFor(surname, sex string, born time.Time) string {
	g := generations[0]
	for _, next := range generations {
		g = next
		if born.Year() <= g.until {
			break
		}
	}
	first, second := g.male1, g.male2
	if sex == "2" {
		first, second = g.fem1, g.fem2
	}
	if m.chance(g.single) {
		return surname + pick(m, second)
	}
	return surname + pick(m, first) + pick(m, second)
}

// phone draws an invented number: the prefix 154 is none that people are given.
func (m *maker) phone() string {
	digits := []byte("154")
	for range 8 {
		digits = append(digits, byte('0'+m.IntN(10)))
	}
	return string(digits)
}
