// Package tables reads the lists that offices send one another: CSV in UTF-8 or
// GB18030 and XLSX, row by row, in bounded memory; and writes lists back out so
// that no spreadsheet takes a cell for a formula.
//
// It finds the header under a title, says of each row what is wrong with it (line,
// column, code, reason), and refuses a file as a whole where its rows cannot be told
// apart. What a column means is not its business (domain/matching, register).
package tables

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
)

// Limits bound what a file may cost. A county's largest list has 100,000 rows.
type Limits struct {
	FileBytes     int64 // on disk
	UnpackedBytes int64 // of a workbook, all parts together
	PartBytes     int64 // of any part of a workbook that is held in memory
	Rows          int
	Columns       int
	CellBytes     int
	RecordBytes   int64 // of one CSV record, so that a missing quote does not swallow the file
	Marked        int   // rows that hold formulas or merged cells and are remembered
}

// Default are the limits in production.
var Default = Limits{FileBytes: 128 << 20, UnpackedBytes: 1 << 30, PartBytes: 48 << 20, Rows: 500_000, Columns: 200,
	CellBytes: 8 << 10, RecordBytes: 256 << 10, Marked: 100_000}

// Row is one line of a list. Line is as a spreadsheet counts it, from 1.
type Row struct {
	Line   int
	Cells  []string
	Faults []Fault
}

// Blank reports whether nothing stands in the row.
func (r Row) Blank() bool {
	for _, c := range r.Cells {
		if c != "" {
			return false
		}
	}
	return true
}

// rows is what both kinds of file give. Next ends with io.EOF.
type rows interface {
	Next() (Row, error)
	Share() float64 // how much has been read, 0 to 1
	Close() error
}

// Reader is an opened list, past its header.
type Reader struct {
	Format   Format
	Header   []string
	HeadLine int
	limits   Limits
	rows     rows
	count    int
}

// Format says what a file turned out to be.
type Format string

const (
	UTF8    Format = "utf-8"
	GB18030 Format = "gb18030"
	UTF16   Format = "utf-16"
	XLSX    Format = "xlsx"
)

// headerWithin is how many rows a title may take before the header.
const headerWithin = 20

// Open reads the beginning of a file up to its header: the first row of which score
// says that it holds at least one known column; score is how many.
func Open(path string, limits Limits, score func(cells []string) int) (*Reader, error) {
	r, err := open(path, limits)
	if err != nil {
		return nil, err
	}
	if err := r.findHeader(score); err != nil {
		_ = r.rows.Close()
		return nil, err
	}
	return r, nil
}

func open(path string, limits Limits) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > limits.FileBytes {
		return nil, refuse(TooLarge, 0, limits.FileBytes>>20)
	}
	begin := make([]byte, 8)
	n, err := io.ReadFull(file, begin)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, refuse(Empty, 0)
	}
	r := &Reader{limits: limits}
	switch begin = begin[:n]; {
	case bytes.HasPrefix(begin, []byte("PK\x03\x04")):
		r.Format = XLSX
		r.rows, err = openWorkbook(path, limits)
	case bytes.HasPrefix(begin, []byte("\xd0\xcf\x11\xe0")):
		return nil, refuse(OldWorkbook, 0)
	default:
		r.rows, r.Format, err = openText(path, limits)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Reader) findHeader(score func([]string) int) error {
	best := Row{}
	most := 0
	for range headerWithin {
		row, err := r.rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if row.Blank() {
			continue
		}
		for i := range row.Cells {
			row.Cells[i] = strings.Join(strings.Fields(row.Cells[i]), "")
		}
		if best, most = row, score(row.Cells); most > 0 {
			break
		}
		best = Row{}
	}
	if most == 0 {
		return refuse(NoHeader, 0, headerWithin)
	}
	if len(best.Cells) > r.limits.Columns {
		return refuse(TooManyColumns, best.Line, r.limits.Columns)
	}
	r.Header, r.HeadLine = best.Cells, best.Line
	return nil
}

// Next is the next row that is not blank, its cells trimmed and as many as the
// header has. An *Error is of the file as a whole; io.EOF ends it.
func (r *Reader) Next() (Row, error) {
	for {
		row, err := r.rows.Next()
		if err != nil {
			return Row{}, err
		}
		for i, c := range row.Cells {
			row.Cells[i] = r.clean(&row, i, c)
		}
		if row.Blank() && len(row.Faults) == 0 {
			continue
		}
		if r.count++; r.count > r.limits.Rows {
			return Row{}, refuse(TooManyRows, row.Line, r.limits.Rows)
		}
		r.fit(&row)
		return row, nil
	}
}

func (r *Reader) clean(row *Row, column int, cell string) string {
	cell = strings.TrimSpace(cell)
	if len(cell) > r.limits.CellBytes {
		row.Faults = append(row.Faults, r.fault(row.Line, column, LongCell, r.limits.CellBytes))
		return ""
	}
	if strings.ContainsRune(cell, '\uFFFD') || strings.Contains(cell, "锟斤拷") {
		row.Faults = append(row.Faults, r.fault(row.Line, column, BadEncoding))
	}
	return unguard(cell)
}

// fit gives the row the header's width; what stands beyond it has no meaning.
func (r *Reader) fit(row *Row) {
	for i := len(r.Header); i < len(row.Cells); i++ {
		if row.Cells[i] != "" {
			row.Faults = append(row.Faults, r.fault(row.Line, i, ExtraCell))
			break
		}
	}
	for len(row.Cells) < len(r.Header) {
		row.Cells = append(row.Cells, "")
	}
	row.Cells = row.Cells[:len(r.Header)]
	for i := range row.Faults {
		if f := &row.Faults[i]; f.Column == "" {
			f.Column = r.columnName(f.at)
		}
	}
}

func (r *Reader) columnName(column int) string {
	if column >= 0 && column < len(r.Header) && r.Header[column] != "" {
		return r.Header[column]
	}
	return letters(column)
}

// Rows is how many have been read, Share how much of the file.
func (r *Reader) Rows() int { return r.count }

// Share of the file that has been read, 0 to 1.
func (r *Reader) Share() float64 { return r.rows.Share() }

// Close ends the reading.
func (r *Reader) Close() error { return r.rows.Close() }

// letters is a column as spreadsheets name it: 0 is A.
func letters(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}
