package tables

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Writer writes a list out, row by row.
type Writer interface {
	Write(cells []string) error
	Close() error
	Discard() // ends one that is given up: nothing of it stays on the disk
}

// NewCSV writes UTF-8 with a byte order mark, by which spreadsheets know it.
func NewCSV(w io.Writer) (Writer, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &csvWriter{out}, nil
}

type csvWriter struct{ *csv.Writer }

func (c *csvWriter) Write(cells []string) error {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = guard(cell)
	}
	return c.Writer.Write(safe)
}

func (c *csvWriter) Close() error {
	c.Flush()
	return c.Error()
}

func (c *csvWriter) Discard() {}

// NewXLSX writes a workbook of one sheet. Every cell is text: nothing is a formula,
// and no ID number loses its last digits.
func NewXLSX(w io.Writer) (Writer, error) {
	book := excelize.NewFile()
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	return &xlsxWriter{book: book, stream: stream, to: w}, nil
}

type xlsxWriter struct {
	book   *excelize.File
	stream *excelize.StreamWriter
	to     io.Writer
	line   int
}

func (x *xlsxWriter) Write(cells []string) error {
	x.line++
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	return x.stream.SetRow("A"+strconv.Itoa(x.line), row)
}

func (x *xlsxWriter) Close() error {
	if err := x.stream.Flush(); err != nil {
		return err
	}
	if err := x.book.Write(x.to); err != nil {
		return err
	}
	return x.book.Close()
}

func (x *xlsxWriter) Discard() { _ = x.book.Close() }

// guard keeps a spreadsheet from taking a cell for a formula: an apostrophe before
// what begins like one and is no number. unguard takes it off again, so that what
// went out comes back the same.
func guard(cell string) string {
	if !formulaLike(cell) {
		return cell
	}
	return "'" + cell
}

func unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && formulaLike(rest) {
		return rest
	}
	return cell
}

func formulaLike(cell string) bool {
	if cell == "" || !strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
		return false
	}
	_, err := strconv.ParseFloat(cell, 64)
	return err != nil
}
