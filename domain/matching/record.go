package matching

import (
	"strings"

	"doorstep/domain/idnumber"
)

// Record is one row of a list, its cells made comparable.
type Record struct {
	ID      idnumber.Number // 18 digits; "" where the list gives none
	Name    string
	Born    string // YYYY-MM-DD
	Village string // 12 digits
	Address string
	Phone   string
	Values  map[string]any // the list's own columns, those that have a value
}

// Fault is what is wrong with a cell.
type Fault struct {
	Column string // the heading
	Code   string
	Reason string
}

// Read makes a record of a row. villages finds a village's code by what is written.
// What the cells alone can tell is checked here; the same row gives the same answer.
func (l Layout) Read(cells, header []string, villages func(string) string) (Record, []Fault) {
	var rec Record
	var faults []Fault
	for i, c := range l.columns {
		at := l.at[i]
		if at < 0 || at >= len(cells) || cells[at] == "" {
			continue
		}
		if code := rec.take(c, cells[at], villages); code != "" {
			faults = append(faults, Fault{header[at], code, Reason(code)})
		}
	}
	if len(faults) > 0 {
		return rec, faults
	}
	if rec.Name == "" {
		faults = append(faults, Fault{l.heading("name", header), "name_missing", Reason("name_missing")})
	}
	if rec.ID == "" && (rec.Born == "" || rec.Village == "") {
		faults = append(faults, Fault{l.heading("id_number", header), "person_unknown", Reason("person_unknown")})
	}
	if rec.ID != "" && rec.Born != "" && rec.Born != rec.ID.BirthDate() {
		faults = append(faults, Fault{l.heading("birth_date", header), "birth_differs", Reason("birth_differs")})
	}
	if rec.ID != "" && rec.Born == "" {
		rec.Born = rec.ID.BirthDate()
	}
	return rec, faults
}

func (l Layout) heading(field string, header []string) string {
	for i, c := range l.columns {
		if c.Field == field && l.at[i] >= 0 {
			return header[l.at[i]]
		}
	}
	return label(field)
}

// take reads one cell; the answer is what is wrong with it.
func (rec *Record) take(c Column, cell string, villages func(string) string) string {
	var value any
	switch c.As {
	case AsID:
		id, code := ReadID(cell)
		rec.ID = id
		return code
	case AsName:
		rec.Name = PlainName(cell)
		return ""
	case AsVillage:
		rec.Village = villages(cell)
		return "" // a place outside the table is no mistake: the row may have an ID number
	case AsDate:
		day, code := ReadDate(cell)
		if code != "" {
			return code
		}
		value = day
	case AsNumber, AsYear:
		n, code := ReadNumber(strings.TrimSuffix(cell, "年"))
		if code != "" || c.As == AsYear && (n < 1900 || n > 2100 || n != float64(int(n))) {
			return "number_form"
		}
		value = n
	case AsOption:
		word, ok := c.Words[strings.ToUpper(PlainName(cell))]
		if !ok {
			return "option_unknown"
		}
		value = word
		if word == "yes" || word == "no" {
			value = word == "yes"
		}
	default:
		value = strings.Join(strings.Fields(cell), " ")
	}
	switch c.Field {
	case "birth_date":
		rec.Born = value.(string)
	case "address":
		rec.Address = value.(string)
	case "phone":
		rec.Phone = value.(string)
	default:
		if rec.Values == nil {
			rec.Values = map[string]any{}
		}
		rec.Values[c.Field] = value
	}
	return ""
}
