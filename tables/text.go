package tables

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// openText reads CSV, or what spreadsheets call "Unicode text".
func openText(path string, limits Limits) (rows, Format, error) {
	format, comma, err := sniff(path)
	if err != nil {
		return nil, "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, "", errors.Join(err, file.Close())
	}
	t := &text{file: file, size: info.Size(), limit: limits.RecordBytes}
	decoded := io.Reader(&counted{file, &t.read})
	switch format {
	case UTF16:
		decoded = transform.NewReader(decoded, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case GB18030:
		decoded = transform.NewReader(decoded, simplifiedchinese.GB18030.NewDecoder())
	default:
		decoded = transform.NewReader(decoded, unicode.UTF8BOM.NewDecoder()) // and U+FFFD for what is no UTF-8
	}
	t.csv = csv.NewReader(&record{decoded, t})
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = comma, -1, true
	return t, format, nil
}

// text is a CSV file being read.
type text struct {
	file       *os.File
	csv        *csv.Reader
	size, read int64
	inRecord   int64
	limit      int64
	last       int
}

var errRecordTooLong = errors.New("tables: a record has no end")

func (t *text) Next() (Row, error) {
	t.inRecord = 0
	cells, err := t.csv.Read()
	var wrong *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return Row{}, io.EOF
	case errors.Is(err, errRecordTooLong):
		return Row{}, refuse(OpenQuote, t.last+1, t.last+1)
	case errors.As(err, &wrong) && errors.Is(wrong.Err, csv.ErrBareQuote):
		t.last = wrong.Line
		return Row{Line: wrong.Line, Faults: []Fault{{Line: wrong.Line, Code: string(BareQuote), Reason: reasons[BareQuote]}}}, nil
	case errors.As(err, &wrong):
		// A quote that is open, or that ends too early: which lines are one record nobody knows.
		return Row{}, refuse(OpenQuote, wrong.StartLine, wrong.StartLine)
	case err != nil:
		return Row{}, err
	}
	t.last, _ = t.csv.FieldPos(0)
	return Row{Line: t.last, Cells: append([]string(nil), cells...)}, nil
}

func (t *text) Share() float64 {
	if t.size == 0 {
		return 1
	}
	return min(1, float64(t.read)/float64(t.size))
}

func (t *text) Close() error { return t.file.Close() }

type counted struct {
	r io.Reader
	n *int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += int64(n)
	return n, err
}

// record ends the reading where one record goes on for too long.
type record struct {
	r io.Reader
	t *text
}

func (r *record) Read(p []byte) (int, error) {
	if r.t.inRecord > r.t.limit {
		return 0, errRecordTooLong
	}
	n, err := r.r.Read(p)
	r.t.inRecord += int64(n)
	return n, err
}

// sniff says which encoding a text is in and what separates its cells. UTF-8 is
// what has no wrong sequence; between two that are wrong the less wrong is taken,
// and the rows concerned are told.
func sniff(path string) (Format, rune, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = file.Close() }()
	begin := make([]byte, 64<<10)
	n, err := io.ReadFull(file, begin)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", 0, refuse(Empty, 0)
	}
	begin = begin[:n]
	if bytes.HasPrefix(begin, []byte{0xff, 0xfe}) || bytes.HasPrefix(begin, []byte{0xfe, 0xff}) {
		return UTF16, '\t', nil
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(begin, []byte("\ufeff")))) == 0 && n < cap(begin) {
		return "", 0, refuse(Empty, 0)
	}
	if bytes.IndexByte(begin, 0) >= 0 {
		return "", 0, refuse(NotText, 0)
	}
	comma := separator(begin)
	if bytes.HasPrefix(begin, []byte("\ufeff")) {
		return UTF8, comma, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	if wrong, err := wrongUTF8(file); err != nil || wrong == 0 {
		return UTF8, comma, err
	}
	mostly := begin
	if end := bytes.LastIndexByte(begin, '\n'); n == cap(begin) && end > 0 {
		mostly = begin[:end] // the last character may be cut
	}
	gb, _, _ := transform.Bytes(simplifiedchinese.GB18030.NewDecoder(), mostly)
	wrongGB := bytes.Count(gb, []byte("\uFFFD"))
	wrongU8 := bytes.Count(bytes.ToValidUTF8(mostly, []byte("\uFFFD")), []byte("\uFFFD"))
	if wrongU8 > 0 && wrongGB > len(mostly)/20 {
		return "", 0, refuse(NotText, 0)
	}
	if wrongU8 < wrongGB {
		return UTF8, comma, nil
	}
	return GB18030, comma, nil
}

// wrongUTF8 counts what is no UTF-8 in a whole file, and stops at the first.
func wrongUTF8(file io.Reader) (int, error) {
	in := bufio.NewReaderSize(file, 256<<10)
	for {
		part, err := in.Peek(in.Size())
		if len(part) == 0 {
			return 0, ignoreEnd(err)
		}
		whole := len(part)
		if err == nil { // more follows: the last character may be cut
			for whole > len(part)-utf8.UTFMax && !utf8.RuneStart(part[whole-1]) {
				whole--
			}
			whole--
		}
		if !utf8.Valid(part[:whole]) {
			return 1, nil
		}
		if _, err := in.Discard(whole); err != nil {
			return 0, err
		}
	}
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// separator is what occurs most in the first lines: comma, tab or semicolon.
func separator(begin []byte) rune {
	lines := bytes.SplitN(begin, []byte("\n"), headerWithin+1)
	head := bytes.Join(lines[:min(len(lines), headerWithin)], []byte("\n"))
	best, most := ',', bytes.Count(head, []byte(","))
	for _, other := range []rune{'\t', ';'} {
		if n := bytes.Count(head, []byte(string(other))); n > most {
			best, most = other, n
		}
	}
	return best
}
