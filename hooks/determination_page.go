package hooks

import (
	"bytes"
	_ "embed"
	sheets "html/template"
	"net/http"
	"strconv"
	"strings"

	"doorstep/domain/determination"
	"doorstep/domain/region"
	"doorstep/register"
	"doorstep/sync/policy"
)

//go:embed print/determination.html
var determinationSheet string

// sheetCSP of a page that is printed: its own styles and nothing else.
const sheetCSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"

// sheet is what the page shows beside the determination.
type sheet struct {
	*register.DeterminationView
	RegionName string
	StateLabel string
	Figures    []determination.Figure
	Numbers    []determination.Measured
}

// rest gathers what the checks of all steps looked at and measured by, each once.
func (s *sheet) rest() {
	type key struct{ fact, member string }
	seen, measured := map[key]bool{}, map[string]bool{}
	for _, step := range s.Trace.Steps {
		for _, c := range step.Checks {
			for _, f := range c.Figures {
				if k := (key{f.Fact, f.Member}); !seen[k] {
					seen[k] = true
					s.Figures = append(s.Figures, f)
				}
			}
			for _, p := range c.Params {
				if !measured[p.Name] {
					measured[p.Name] = true
					s.Numbers = append(s.Numbers, p)
				}
			}
		}
	}
}

// The words of outcomes and of self-care grades, as the forms have them.
var (
	outcomeWords = map[determination.Outcome]string{determination.Yes: "符合", determination.No: "不符合", determination.Unknown: "待核实", determination.NotTested: "未审核"}
	careWords    = map[string]string{"able": "具备生活自理能力", "partly": "部分丧失生活自理能力", "dependent": "完全丧失生活自理能力", "": "尚未评估"}
	ordinals     = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}
)

var determinationTemplate = sheets.Must(sheets.New("determination").Funcs(sheets.FuncMap{
	"outcome": func(o determination.Outcome) string { return outcomeWords[o] },
	"care":    func(s determination.SelfCare) string { return careWords[s.Grade] },
	"order":   func(i int) string { return ordinals[min(i, len(ordinals)-1)] },
	"value":   figureWords, "known": func(f determination.Figure) bool { return f.Value != nil },
	"number": amountWords, "category": determination.Title, "member": func(string) string { return "" },
}).Parse(determinationSheet))

func amountWords(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// figureWords is a figure as people read it: options by their official words.
func figureWords(f determination.Figure) string {
	switch v := f.Value.(type) {
	case float64:
		return amountWords(v) + f.Unit
	case bool:
		return map[bool]string{true: "是", false: "否"}[v]
	case string:
		return optionWord(f.Fact, v)
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, optionWord(f.Fact, s))
			}
		}
		if len(out) == 0 {
			return "无"
		}
		return strings.Join(out, "、")
	}
	return "不清楚"
}

func optionWord(fact, value string) string {
	for _, row := range determination.FactTable() {
		if row.Code != fact || row.Type == "" {
			continue
		}
		for _, o := range policy.Lookup(row.Type).Field(row.Field).Options {
			if o.Value == value {
				return o.Label
			}
		}
	}
	return value
}

func writeDetermination(c *call, d *register.DeterminationView) error {
	state := d.State
	for _, o := range policy.Lookup("determinations").Field("state").Options {
		if o.Value == d.State {
			state = o.Label
		}
	}
	page, err := determinationTemplate.Clone()
	if err != nil {
		return err
	}
	page.Funcs(sheets.FuncMap{"member": func(id string) string { return d.MemberNames[id] }})
	var out bytes.Buffer
	filled := sheet{DeterminationView: d, RegionName: region.FullName(d.Region), StateLabel: state}
	filled.rest()
	if err := page.Execute(&out, filled); err != nil {
		return err
	}
	return c.sheetOf(out.Bytes())
}

// sheetOf answers a page that is printed.
func (c *call) sheetOf(page []byte) error {
	h := c.Response.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", sheetCSP)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	c.Response.WriteHeader(http.StatusOK)
	_, err := c.Response.Write(page)
	return err
}
