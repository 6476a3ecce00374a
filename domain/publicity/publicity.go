// Package publicity is what may be shown of a decision in public (公示, policy 五(三)):
// name, village, category, headcount, amount, period, hotline; never a number of a
// document or account, a telephone, an illness or a disability, and no minor's name.
//
// It is pure and decides by what it is made of: a notice has no field for anything
// else. For how long it hangs, where, and who objected is register/'s.
package publicity

import (
	"strings"
	"time"
)

// adultAge is from when a person's name may stand in public (民法典 第十七条).
const adultAge = 18

// Person is somebody whose name might be shown.
type Person struct {
	Name      string
	BirthDate string // YYYY-MM-DD, "" unknown
}

// Case is what was decided, before the mask.
type Case struct {
	Subject   *Person // of one person (单独纳入); nil: the household
	Head      Person
	Village   string
	Category  string // the official word
	Headcount int
	Amount    *float64 // 元 a month; nil: not said
	Period    string
	Hotline   string
	From, To  string
}

// Notice is what hangs on the wall. These are all its fields.
type Notice struct {
	Name      string   `json:"name"`
	Village   string   `json:"village"`
	Category  string   `json:"category"`
	Headcount int      `json:"headcount"`
	Amount    *float64 `json:"amount"`
	Period    string   `json:"period"`
	Hotline   string   `json:"hotline"`
	From      string   `json:"from"`
	To        string   `json:"to"`
}

// minor stands for a name that is not shown.
const minor = "未成年人(姓名不公示)"

// NoticeOf masks a case as of a day. Whose age is unknown is shown: a head of a
// household whose birth date nobody wrote down is no child.
func NoticeOf(c Case, today string) Notice {
	shown := c.Head
	if c.Subject != nil {
		shown = *c.Subject
	}
	n := Notice{Name: shown.Name, Village: c.Village, Category: c.Category, Headcount: c.Headcount, Amount: c.Amount,
		Period: c.Period, Hotline: c.Hotline, From: c.From, To: c.To}
	if c.Subject != nil {
		n.Headcount = 1
	}
	if child(shown, today) {
		n.Name = minor
	}
	return n
}

func child(p Person, today string) bool {
	born, err := time.Parse(time.DateOnly, p.BirthDate)
	return err == nil && born.AddDate(adultAge, 0, 0).Format(time.DateOnly) > today
}

// Number is what a notice is called on the wall (公示编号): the day it was hung out and the
// end of its id. It tells nothing of whom it is about.
func Number(from, id string) string {
	tail := strings.ReplaceAll(id, "-", "")
	return strings.ReplaceAll(from, "-", "") + "-" + strings.ToUpper(tail[max(0, len(tail)-6):])
}
