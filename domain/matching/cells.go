package matching

import (
	"math"
	"strconv"
	"strings"
	"time"

	"doorstep/domain/idnumber"
)

// reasons say what is wrong with a cell and what to do; ID numbers have their own in
// domain/idnumber.
var reasons = map[string]string{
	"idnumber_rounded": "身份证号被存成了数字，末几位已丢失，请把这一列设为文本后重新填写",
	"name_missing":     "没有姓名",
	"person_unknown":   "没有身份证号时，出生日期和村(社区)都要填",
	"birth_differs":    "出生日期与身份证号不一致",
	"date_form":        "日期不存在或写法不认识，请写成 2026-03-05",
	"number_form":      "应为数字",
	"option_unknown":   "不在可选项之内",
	"too_long":         "内容过长",
	"cell_missing":     "不能为空",
	"village_unknown":  "找不到这个村(社区)，请写 12 位地区代码，或“镇名+村名”",
	"value_form":       "内容不符合这一列的要求",
	"number_missing":   "居民身份证没有填号码；无证件的请把证件类型写成“无证件”",
	"household_moved":  "同一户的行写了不同的村",
	"person_unlisted":  "数据库中没有这个人，请先导入花名册",
	"department_other": "只能报本部门的救助，其他部门的请由该部门上报",
	"item_other":       "不是本部门的救助事项",
	"state_other":      "状态只能是已发放、已退回",
	"person_twice":     "这个人在文件中出现在两户里",
	"head_missing":     "家庭编号和户主身份证号至少填一个",
	"household_bad":    "同一户有别的行不能导入，整户未导入",
}

// Reason is the sentence of a code.
func Reason(code string) string {
	if r, ok := reasons[code]; ok {
		return r
	}
	return idnumber.Fault(code).Label()
}

// ReadID reads a resident's ID number: 15 digits become 18, x becomes X, and what a
// spreadsheet has made a number of is told apart from a mistyped one.
func ReadID(cell string) (id idnumber.Number, code string) {
	if s := strings.ToUpper(strings.TrimSpace(cell)); strings.Contains(s, "E+") || strings.Contains(s, ".") {
		return "", "idnumber_rounded"
	}
	id, err := idnumber.Parse(cell)
	if err == nil {
		return id, ""
	}
	if n := idnumber.Normalise(cell); len(n) == 18 && strings.HasSuffix(n, "000") && err == idnumber.FaultChecksum {
		return "", "idnumber_rounded" // a spreadsheet keeps 15 digits of a number
	}
	fault, _ := err.(idnumber.Fault)
	return "", string(fault)
}

// PlainName is a name without what is written differently: blanks, the dot of
// minorities' names, full-width letters.
func PlainName(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '\u3000', '\u200b', '\ufeff':
			return -1
		case '•', '・', '．', '‧', '∙', '●', '.', '﹒':
			return '·'
		}
		if r >= '！' && r <= '～' {
			return r - ('！' - '!')
		}
		return r
	}, s)
}

// dateForms are those that lists are written in; the spreadsheets' own number of
// days is read beside them.
var dateForms = []string{"2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日"}

// ReadDate reads a day of 1900 to 2100.
func ReadDate(cell string) (day, code string) {
	s := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' || r == '－' || r == '／' || r == '．' {
			return r - ('！' - '!')
		}
		return r
	}, strings.TrimSpace(cell))
	if first, _, ok := strings.Cut(s, " "); ok { // a time of day says nothing here
		s = first
	} else if first, _, ok := strings.Cut(s, "T"); ok {
		s = first
	}
	if at, ok := serial(s); ok {
		return at.Format(time.DateOnly), ""
	}
	for _, form := range dateForms {
		if at, err := time.Parse(form, s); err == nil && at.Year() >= 1900 && at.Year() <= 2100 {
			return at.Format(time.DateOnly), ""
		}
	}
	return "", "date_form"
}

// serial is a spreadsheet's day: days since the last of 1899, which counts a 29
// February of 1900 that never was; so the days before it are taken by nobody, and
// 1900 to 2100 are years that somebody wrote without a day.
func serial(s string) (time.Time, bool) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 367 || n > 73415 || n >= 1900 && n <= 2100 || len(s) > 5 && !strings.Contains(s, ".") || strings.Count(s, ".") > 1 {
		return time.Time{}, false
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(math.Floor(n))), true
}

// ReadNumber reads an amount: 1,234.50元 and ¥1234.5 are one.
func ReadNumber(cell string) (n float64, code string) {
	s := strings.NewReplacer(",", "", "，", "", "¥", "", "￥", "", "元", "", " ", "").Replace(cell)
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || math.Abs(n) > 1e10 {
		return 0, "number_form"
	}
	return n, ""
}
