package tables

import (
	"errors"
	"io"

	"github.com/xuri/excelize/v2"
)

// inMemory is how much of a sheet or of the shared strings excelize holds before it
// unpacks them to a file that it reads along.
const inMemory = 2 << 20

// openWorkbook reads the first visible sheet of an XLSX.
func openWorkbook(path string, limits Limits) (_ rows, err error) {
	defer rescue(&err, 0)
	found, err := survey(path, limits)
	if err != nil {
		return nil, err
	}
	// Raw values: a date is its number of days, not the text of whatever format the
	// cell has (03-05-26 is March or May).
	book, err := excelize.OpenFile(path, excelize.Options{UnzipSizeLimit: limits.UnpackedBytes, UnzipXMLSizeLimit: inMemory, RawCellValue: true})
	if err != nil {
		return nil, refuse(Broken, 0, "xlsx")
	}
	it, err := book.Rows(found.name)
	if err != nil {
		return nil, errors.Join(refuse(Broken, 0, found.name), book.Close())
	}
	return &workbook{book: book, it: it, sheet: found}, nil
}

// rescue takes what makes excelize panic for what it is, a broken workbook: somebody's
// file must not end the server, whichever goroutine reads it.
func rescue(err *error, line int) {
	if recover() != nil {
		*err = refuse(Broken, line, "xlsx")
	}
}

type workbook struct {
	book  *excelize.File
	it    *excelize.Rows
	sheet *sheet
	line  int
}

// Next is the next row. excelize ends silently where a sheet's XML breaks, so the
// end is believed only at the line that the survey had come to.
func (w *workbook) Next() (_ Row, err error) {
	defer rescue(&err, w.line+1)
	if !w.it.Next() {
		if w.it.Error() != nil || w.line < w.sheet.lines {
			return Row{}, refuse(Broken, w.line+1, w.sheet.name)
		}
		return Row{}, io.EOF
	}
	w.line++
	cells, err := w.it.Columns()
	if err != nil {
		return Row{}, refuse(Broken, w.line, w.sheet.name)
	}
	row := Row{Line: w.line, Cells: cells}
	if f, marked := w.sheet.marked[w.line]; marked {
		row.Faults = []Fault{f}
	}
	return row, nil
}

func (w *workbook) Share() float64 {
	if w.sheet.lines == 0 {
		return 1
	}
	return min(1, float64(w.line)/float64(w.sheet.lines))
}

func (w *workbook) Close() error { return errors.Join(w.it.Close(), w.book.Close()) }
