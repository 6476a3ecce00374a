package desk

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"doorstep/domain/zone"
	"doorstep/figures"
	"doorstep/province/looks"
)

//go:embed pages/*.html pages/desk.css
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{"n": grouped, "clock": clock, "doing": doing, "to": to}).ParseFS(files, "pages/*.html"))

// page is what a template is filled with.
type page struct {
	Title, Fault, Name string
	By                 Account

	Whole  *Place
	Part   *part
	Parts  []part
	Heads  []HeadFigure
	Worst  []Ranking
	Table  *Compared
	Tiles  []Drawn
	Months []string
	Up     []crumb // the way here
	Level  int     // digits of the places in the table
	Waits  bool    // what waits in the stream is known here

	Closed          bool
	Number, Purpose string
	Asked           string
	Seen            []Seen

	Looks   []looks.Look
	Filter  looksFilter
	Who     [][2]string  // accounts that stand in the log
	Older   template.URL // the query of the next page
	Actions [][2]string
	Chain   *looks.State // nil: nobody asked

	Accounts []Listed
	One      *Listed
	Roles    []Role
	Password string // a new one, told once
	Secret   string // of a second factor that is not in use yet
	CanBind  bool   // second factors can be had here
	MustBind bool
}

// to is the address of a part of a place's figures.
func to(code, part string) string {
	switch {
	case code == "" && part == "":
		return "/"
	case code == "":
		return "/part/" + part
	case part == "":
		return "/area/" + code
	}
	return "/area/" + code + "/" + part
}

type crumb struct{ Code, Name string }

func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "从未"
	}
	return t.In(zone.China).Format("2006-01-02 15:04")
}

func minutes(d time.Duration) string {
	if d < time.Minute {
		return strconv.Itoa(int(d/time.Second)+1) + " 秒"
	}
	return strconv.Itoa(int((d+time.Minute-1)/time.Minute)) + " 分钟"
}

// show writes a page whole, or nothing of it.
func (d *Desk) show(w http.ResponseWriter, status int, name string, p page) {
	p.Roles, p.Actions = Roles, looks.Actions
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name+".html", p); err != nil {
		d.broken(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// broken is the server's own fault: told to whoever looks after it, not to the reader.
func (d *Desk) broken(w http.ResponseWriter, err error) {
	d.Fault(err)
	http.Error(w, "省级数据库暂时不可用，请稍后刷新本页；一直这样请联系管理员。", http.StatusServiceUnavailable)
}

func style(w http.ResponseWriter, _ *http.Request) {
	text, err := files.ReadFile("pages/desk.css")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(text)
}

// months are those that are shown.
func (d *Desk) months() []string { return figures.MomentOf(d.Now(), true).Months() }
