package hooks

import (
	"bytes"
	"cmp"
	_ "embed"
	sheets "html/template"
	"slices"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/region"
	"doorstep/domain/zone"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed print/household.html
var householdSheet string

var householdTemplate = sheets.Must(sheets.New("household").Parse(householdSheet))

// mostPrinted lines of a kind: a page is to be read, the console has the rest.
const mostPrinted = 12

// What the page says of each type, in this order.
var (
	printedFacts    = []string{"monthly_income", "medical_cost_12m", "rigid_cost_12m", "housing_kind", "housing_grade", "property", "cause", "lives_alone", "review_class", "last_visited", "tags", "needs"}
	printedMembers  = []string{"name", "relation", "sex", "birth_date", "id_number", "health", "work_state", "monthly_income"}
	printedSections = []printedSection{
		{"categories", []string{"category", "from", "to", "basis"}},
		{"warnings", []string{"level", "title", "state", "due_on"}},
		{"assistance", []string{"given_on", "item", "amount", "department", "state"}},
		{"entitlements", []string{"item", "state", "reason"}},
		{"visits", []string{"visited_on", "kind", "visitor", "outcome", "conclusion"}},
		{"status_changes", []string{"happened_on", "kind", "amount", "detail"}},
		{"tasks", []string{"title", "state", "due_on"}},
		{"referrals", []string{"sent_on", "department", "purpose", "state", "result"}},
	}
)

type printedSection struct {
	typ    string
	fields []string
}

// printedTable is a part of the page: headings and lines in words.
type printedTable struct {
	Title   string
	Heads   []string
	Rows    [][]string
	Older   int
	Waiting bool // some of it nobody has confirmed yet
}

// printedHome is what stands on the page.
type printedHome struct {
	HeadName, RegionName, Address, Phone, Number, State string
	Facts                                               [][2]string
	Members                                             printedTable
	Sections                                            []printedTable
	Files                                               printedTable
	Office, Stamp                                       string
	Marks                                               []int // how often the watermark stands on a page
}

// householdPage is the household's story to be printed (A4): numbers masked, telephone
// numbers too for who only inspects; who printed it and when stands across each page, and
// in the audit log.
func (s *Server) householdPage(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	story, err := s.masked(c, id)
	if err != nil {
		return err
	}
	page, err := printedOf(story)
	if err != nil {
		return err
	}
	if c.by.Role == access.Auditor {
		page.Phone = register.MaskPhone(page.Phone)
	}
	if page.Files, err = s.printedFiles(c, id); err != nil {
		return err
	}
	page.Office = region.FullName(c.by.Office)
	page.Stamp = c.by.Name + " " + c.by.Role.Label() + " " + s.Engine.Now().In(zone.China).Format("2006-01-02 15:04")
	page.Marks = make([]int, 12)
	var out bytes.Buffer
	if err := householdTemplate.Execute(&out, page); err != nil {
		return err
	}
	if err := s.Engine.Audit(c.Request.Context(), c.by.ID, "", c.origin(), "household.print", id, ""); err != nil {
		return err
	}
	return c.sheetOf(out.Bytes())
}

func printedOf(story *engine.Story) (*printedHome, error) {
	var home map[string]any
	if err := json.Unmarshal(story.Household, &home); err != nil {
		return nil, err
	}
	said := func(field string) string { return register.Spoken("households", field, home[field]) }
	page := &printedHome{HeadName: said("head_name"), RegionName: region.FullName(story.Region), Address: said("address"), Phone: said("phone"), Number: said("number"), State: said("state")}
	waiting, _ := home["unconfirmed"].(map[string]any)
	t := policy.Lookup("households")
	for _, field := range printedFacts {
		if text := said(field); text != "" {
			if _, open := waiting[t.Field(field).MergeUnit()]; open {
				text += "（未确认）"
			}
			page.Facts = append(page.Facts, [2]string{t.Field(field).Label, text})
		}
	}
	var err error
	if page.Members, err = printed("members", printedMembers, story.Records["members"], len(story.Records["members"])); err != nil {
		return nil, err
	}
	for _, s := range printedSections {
		part, err := printed(s.typ, s.fields, story.Records[s.typ], mostPrinted)
		if err != nil {
			return nil, err
		}
		if len(part.Rows) > 0 {
			page.Sections = append(page.Sections, part)
		}
	}
	return page, nil
}

// printed is a type's records in words, the newest first: the story has them so.
func printed(typ string, fields []string, records []jsontext.Value, most int) (printedTable, error) {
	t := policy.Lookup(typ)
	out := printedTable{Title: t.Label}
	for _, field := range fields {
		out.Heads = append(out.Heads, t.Field(field).Label)
	}
	all := make([]map[string]any, len(records))
	for i, raw := range records {
		if err := json.Unmarshal(raw, &all[i]); err != nil {
			return out, err
		}
	}
	if typ == "members" {
		slices.SortStableFunc(all, headFirst)
	}
	for _, values := range all[:min(most, len(all))] {
		row := make([]string, len(fields))
		for i, field := range fields {
			row[i] = register.Spoken(typ, field, values[field])
		}
		out.Waiting = out.Waiting || values["unconfirmed"] != nil
		out.Rows = append(out.Rows, row)
	}
	out.Older = len(records) - len(out.Rows)
	if first := t.Field(fields[0]); first.Kind == policy.Date {
		slices.SortStableFunc(out.Rows, func(a, b []string) int { return strings.Compare(b[0], a[0]) })
	}
	return out, nil
}

// headFirst is the order of a family: by the relation's code (GB/T 4761), the elder first.
func headFirst(a, b map[string]any) int {
	place := func(m map[string]any) string {
		relation, _ := m["relation"].(string)
		birth, _ := m["birth_date"].(string)
		return cmp.Or(relation, "99") + " " + birth
	}
	return strings.Compare(place(a), place(b))
}

// filesHeads are the headings of what offices do for the household.
var filesHeads = []string{"事项", "内容", "状态", "日期", "期限"}

var filesTitles = map[string]string{"applications": "救助申请", "deliberations": "一事一议", "leads": "线索", "urgent": "先行救助", "charity": "慈善需求", "declarations": "诚信申报", "corrections": "容错纠错"}

func (s *Server) printedFiles(c *call, id string) (printedTable, error) {
	out := printedTable{Title: "办理事项", Heads: filesHeads}
	files, err := register.HouseholdFilesOf(c.Request.Context(), s.Engine, c.by, id)
	for _, part := range files {
		for _, f := range part.Items {
			out.Rows = append(out.Rows, []string{filesTitles[part.Screen], f.Title, f.State, f.Day, f.DueOn})
		}
		out.Older += part.More
	}
	return out, err
}
