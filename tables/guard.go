package tables

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// A workbook is looked through once before it is read: how large its parts are, how
// many rows the sheet has, and in which rows a formula or a merged cell stands,
// which the reading itself does not tell. The pass reads every byte of the sheet, so
// a part that is not what its directory says, or ends early, is found before
// anything is taken from it.

// sheet is what the pass found.
type sheet struct {
	name   string
	lines  int           // the last line's number
	marked map[int]Fault // by line
}

const (
	maxParts = 2000
	maxRatio = 150      // unpacked to packed, past the first megabytes: lists reach 30
	maxTag   = 32 << 10 // a worksheet may declare fifty name spaces
)

func survey(file string, limits Limits) (*sheet, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, refuse(Broken, 0, "zip")
	}
	defer func() { _ = z.Close() }()
	if err := weigh(z.File, limits); err != nil {
		return nil, err
	}
	name, part, err := firstSheet(&z.Reader, limits)
	if err != nil {
		return nil, err
	}
	in, err := z.Open(part)
	if err != nil {
		return nil, refuse(Broken, 0, path.Base(part))
	}
	defer func() { _ = in.Close() }()
	s := &sheet{name: name, marked: map[int]Fault{}}
	if err := s.scan(in, limits); err != nil {
		return nil, err
	}
	return s, nil
}

// weigh refuses what would cost too much before any of it is unpacked. Go's reader
// ends a part that goes on past the size that it declared.
func weigh(parts []*zip.File, limits Limits) error {
	if len(parts) > maxParts {
		return refuse(Bomb, 0)
	}
	var packed, unpacked uint64
	for _, p := range parts {
		packed, unpacked = packed+p.CompressedSize64, unpacked+p.UncompressedSize64
		name := strings.ToLower(p.Name)
		streamed := strings.HasPrefix(name, "xl/worksheets/sheet") || name == "xl/sharedstrings.xml"
		if unpacked > uint64(limits.UnpackedBytes) || !streamed && p.UncompressedSize64 > uint64(limits.PartBytes) {
			return refuse(Bomb, 0)
		}
	}
	if unpacked > 16<<20 && unpacked > maxRatio*packed {
		return refuse(Bomb, 0)
	}
	return nil
}

type workbookPart struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
	} `xml:"sheets>sheet"`
}

type relations struct {
	Items []struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// firstSheet is the first one that people see, and the part that it is in.
func firstSheet(z *zip.Reader, limits Limits) (name, part string, err error) {
	var book workbookPart
	var links relations
	for file, into := range map[string]any{"xl/workbook.xml": &book, "xl/_rels/workbook.xml.rels": &links} {
		in, err := z.Open(file)
		if err != nil {
			return "", "", refuse(Broken, 0, path.Base(file))
		}
		err = xml.NewDecoder(io.LimitReader(in, limits.PartBytes)).Decode(into)
		_ = in.Close()
		if err != nil {
			return "", "", refuse(Broken, 0, path.Base(file))
		}
	}
	if on := book.Properties.Date1904; on == "1" || on == "true" {
		return "", "", refuse(Epoch1904, 0)
	}
	for _, s := range book.Sheets {
		if s.State != "" && s.State != "visible" {
			continue
		}
		for _, l := range links.Items {
			if l.ID == s.ID {
				if strings.HasPrefix(l.Target, "/") {
					return s.Name, l.Target[1:], nil
				}
				return s.Name, path.Join("xl", l.Target), nil
			}
		}
	}
	return "", "", refuse(NoSheet, 0)
}

// scan goes from tag to tag. It is no XML parser: it needs the names of tags, that
// they close as they open (excelize takes a broken row for its end), and the
// attribute r or ref.
func (s *sheet) scan(r io.Reader, limits Limits) error {
	in := bufio.NewReaderSize(r, 256<<10)
	cell, line, ended := "", 0, false
	var nested nesting
	for {
		run, err := in.ReadSlice('<')
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, bufio.ErrBufferFull) && len(run) > limits.CellBytes {
			return refuse(Bomb, line)
		}
		if err != nil {
			return refuse(Broken, line, s.name)
		}
		tag, err := in.ReadSlice('>')
		if err != nil || len(tag) > maxTag {
			if !bytes.HasPrefix(tag, []byte("!--")) {
				return refuse(Broken, line, s.name)
			}
		}
		if !nested.take(tag) {
			return refuse(Broken, line, s.name)
		}
		switch localName(tag) {
		case "row":
			if line++; attribute(tag, " r=") != "" {
				line, _ = strconv.Atoi(attribute(tag, " r="))
			}
			s.lines = max(s.lines, line)
		case "c":
			cell = attribute(tag, " r=")
		case "f":
			s.mark(line, columnOf(cell), Formula)
		case "mergeCell":
			s.markMerged(attribute(tag, " ref="), limits)
		case "/sheetData", "sheetData/":
			ended = true
		}
		if len(s.marked) > limits.Marked {
			return refuse(TooMarked, 0, limits.Marked)
		}
	}
	if !ended || len(nested.open) > 0 {
		return refuse(Broken, line, s.name)
	}
	return nil
}

func (s *sheet) mark(line, column int, code Code) {
	if _, told := s.marked[line]; !told {
		s.marked[line] = Fault{Line: line, Code: string(code), Reason: reasons[code], at: column}
	}
}

// markMerged marks every line of a range such as A3:A5.
func (s *sheet) markMerged(ref string, limits Limits) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return
	}
	first, last := lineOf(from), lineOf(to)
	for line := first; line <= last && len(s.marked) <= limits.Marked; line++ {
		s.mark(line, columnOf(from), Merged)
	}
}

// localName is a tag's name without a prefix; "sheetData/" for one that is empty.
func localName(tag []byte) string {
	end := bytes.IndexAny(tag, " \t\r\n>")
	if end < 0 {
		return ""
	}
	name := string(tag[:end])
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		if strings.HasPrefix(name, "/") {
			return "/" + name[i+1:]
		}
		name = name[i+1:]
	}
	if name != "sheetData/" {
		name = strings.TrimSuffix(name, "/")
	}
	return name
}

// attribute is the value of one whose name, with the blank before it, is given.
func attribute(tag []byte, name string) string {
	i := bytes.Index(tag, []byte(name))
	if i < 0 || i+len(name) >= len(tag) {
		return ""
	}
	rest := tag[i+len(name):]
	if end := bytes.IndexByte(rest[1:], rest[0]); end >= 0 {
		return string(rest[1 : end+1])
	}
	return ""
}

// columnOf is 0 for A12, lineOf is 12.
func columnOf(cell string) int {
	n := 0
	for i := 0; i < len(cell) && cell[i] >= 'A' && cell[i] <= 'Z'; i++ {
		n = n*26 + int(cell[i]-'A') + 1
	}
	return n - 1
}

func lineOf(cell string) int {
	n, _ := strconv.Atoi(strings.TrimLeft(strings.ReplaceAll(cell, "$", ""), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	return n
}

// nesting is the tags that are open.
type nesting struct{ open []string }

const maxDepth = 64

// take follows one tag; false where it closes what is not open.
func (n *nesting) take(tag []byte) bool {
	switch {
	case len(tag) < 2 || tag[0] == '?' || tag[0] == '!' || tag[len(tag)-2] == '/':
		return true
	case tag[0] == '/':
		last := len(n.open) - 1
		if last < 0 || n.open[last] != string(bytes.TrimSpace(tag[1:len(tag)-1])) {
			return false
		}
		n.open = n.open[:last]
		return true
	}
	name := tag[:len(tag)-1]
	if end := bytes.IndexAny(name, " \t\r\n"); end >= 0 {
		name = name[:end]
	}
	n.open = append(n.open, intern(name))
	return len(n.open) <= maxDepth
}

// intern saves making a text of the few names that a sheet is full of.
func intern(name []byte) string {
	switch string(name) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "row":
		return "row"
	case "is":
		return "is"
	case "t":
		return "t"
	}
	return string(name)
}
