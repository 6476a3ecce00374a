package hooks

import (
	"bytes"
	_ "embed"
	"fmt"
	sheets "html/template"
	"net/http"
	"strconv"
	"strings"

	"doorstep/domain/region"
	"doorstep/domain/zone"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/boombuler/barcode/qr"
)

// 公示 on paper: a list of all that hangs in a village (A4), or one notice in large letters
// (A3). What stands there is the notice, masked when it was made.

//go:embed print/publicity.html
var publicitySheet string

// mostOnASheet bounds one list on paper.
const mostOnASheet = 300

// hung is a sheet to be printed.
type hung struct {
	Large                  bool
	Title, Heading         string
	Office, Today, Hotline string
	Notices                []register.NoticeView
	Cut                    bool
}

// publicityPage writes the sheet: ?layout=list (of ?area, or all that the account sees) or
// large (of one ?notice). That it was printed is audited.
func (s *Server) publicityPage(c *call) error {
	layout, err := c.choice("layout", "list", "list", "large")
	if err != nil {
		return err
	}
	q := c.Request.URL.Query()
	area, notice := q.Get("area"), q.Get("notice")
	if area != "" && !region.Valid(area) {
		return wire.Malformed("area", "地区代码应为 6、9 或 12 位。")
	}
	page := hung{Large: layout == "large", Office: region.FullName(c.by.Office), Today: zone.Day(s.Engine.Now()), Heading: "社会救助对象公示"}
	if page.Large {
		one, err := s.determinationDesk().Notice(c.Request.Context(), c.by, notice)
		if err != nil {
			return err
		}
		page.Notices, page.Heading = []register.NoticeView{*one}, "公　示"
	} else if err := s.hangingIn(c, area, &page); err != nil {
		return err
	}
	page.Title = strings.ReplaceAll(page.Heading, "　", "") + " " + page.Office + " " + page.Today
	if err := s.Engine.Audit(c.Request.Context(), c.by.ID, "", c.origin(), "publicity.print", notice, layout+" "+region.FullName(area)); err != nil {
		return err
	}
	return s.writePublicity(c, page)
}

// hangingIn gathers what hangs in an area, in the order of the list.
func (s *Server) hangingIn(c *call, area string, page *hung) error {
	for after := int64(0); ; {
		found, next, err := s.determinationDesk().Notices(c.Request.Context(), c.by, []string{"open"}, engine.MaxQueue, after)
		if err != nil {
			return err
		}
		for _, n := range found {
			if !strings.HasPrefix(n.Region, area) {
				continue
			}
			if len(page.Notices) == mostOnASheet {
				page.Cut = true
				return nil
			}
			page.Notices = append(page.Notices, n)
			page.Hotline = n.Hotline
		}
		if next == "" {
			return nil
		}
		if _, after, err = engine.PageOf("", next); err != nil {
			return err
		}
	}
}

func (s *Server) writePublicity(c *call, page hung) error {
	sheet, err := sheets.New("publicity").Funcs(sheets.FuncMap{
		"number": func(v any) string {
			if n, ok := v.(float64); ok {
				return amountWords(n)
			}
			return ""
		},
		"add": func(i int) int { return i + 1 },
		"code": func(n register.NoticeView) (sheets.HTML, error) {
			return codeOf(s.noticeCode(n), map[bool]string{true: "34mm", false: "13mm"}[page.Large])
		},
	}).Parse(publicitySheet)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := sheet.Execute(&out, page); err != nil {
		return err
	}
	h := c.Response.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", sheetCSP)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	c.Response.WriteHeader(http.StatusOK)
	_, err = c.Response.Write(out.Bytes())
	return err
}

// noticeCode is what a notice's code holds: its number, and, where the county has said by
// which address this server is reached, where an officer finds it. Nothing of a person.
func (s *Server) noticeCode(n register.NoticeView) string {
	if s.Address == "" {
		return "GS " + n.Number
	}
	return strings.TrimSuffix(s.Address, "/") + "/console/publicity/" + n.ID + "?n=" + n.Number
}

// codeOf draws a QR code as one path, sharp on any printer.
func codeOf(content, size string) (sheets.HTML, error) {
	code, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	const quiet = 4 // modules of white around, as the standard asks for
	n := code.Bounds().Dx()
	var path strings.Builder
	for y := range n {
		for x := range n {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	side := strconv.Itoa(n + 2*quiet)
	return sheets.HTML(`<svg role="img" aria-label="` + sheets.HTMLEscapeString(content) + `" width="` + size + `" height="` + size + `" viewBox="0 0 ` + side + ` ` + side + `" shape-rendering="crispEdges"><path d="` + path.String() + `"/></svg>`), nil
}
