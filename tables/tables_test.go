package tables

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

var known = []string{"姓名", "身份证号", "村(社区)"}

func score(cells []string) int {
	n := 0
	for _, c := range cells {
		if slices.Contains(known, c) {
			n++
		}
	}
	return n
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readAll gives the rows that are whole, the faults of those that are not, and the
// error that refused the file.
func readAll(t *testing.T, path string, limits Limits) (rows [][]string, faults []Fault, refused *Error, format Format) {
	t.Helper()
	r, err := Open(path, limits, score)
	for err == nil {
		format = r.Format
		var row Row
		if row, err = r.Next(); err == nil && len(row.Faults) == 0 {
			rows = append(rows, row.Cells)
		}
		faults = append(faults, row.Faults...)
	}
	if r != nil {
		if err := r.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if !errors.Is(err, io.EOF) && !errors.As(err, &refused) {
		t.Fatalf("an error without a code: %v", err)
	}
	return rows, faults, refused, format
}

const list = "姓名,身份证号,村(社区)\r\n张三,370281198001011234,港东新村\r\n\r\n李四 ,37028119800101123X,\"港东,新村\"\r\n"

var wanted = [][]string{{"张三", "370281198001011234", "港东新村"}, {"李四", "37028119800101123X", "港东,新村"}}

func TestAListIsReadInEveryEncodingThatOfficesUse(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(list)
	if err != nil {
		t.Fatal(err)
	}
	u16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(strings.ReplaceAll(list, "\"港东,新村\"", "港东;新村"), ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, content string
		format        Format
	}{
		{"utf-8", list, UTF8}, {"utf-8 with a mark", "\ufeff" + list, UTF8}, {"gb18030", gb, GB18030}, {"utf-16 with tabs", u16, UTF16},
		{"semicolons", strings.ReplaceAll(strings.ReplaceAll(list, "\"港东,新村\"", "港东，新村"), ",", ";"), UTF8},
		{"under a title", "2026年度名单,,\n" + list, UTF8},
	} {
		rows, faults, refused, format := readAll(t, write(t, "l.csv", []byte(c.content)), Default)
		if refused != nil || len(faults) > 0 || format != c.format || len(rows) != 2 {
			t.Errorf("%s: %s, %v, %v, %v", c.name, format, rows, faults, refused)
			continue
		}
		if !slices.Equal(rows[0], wanted[0]) || rows[1][0] != "李四" || !strings.HasPrefix(rows[1][2], "港东") || !strings.HasSuffix(rows[1][2], "新村") {
			t.Errorf("%s: %q", c.name, rows)
		}
	}
}

func TestTheEndOfAPieceInTheMiddleOfACharacterIsNoWrongEncoding(t *testing.T) {
	for shift := range 4 {
		content := strings.Repeat("a", shift) + "姓名,身份证号\n" + strings.Repeat("张三丰,1\n", 60_000)
		content = "身份证号,姓名\n" + content
		if rows, faults, refused, format := readAll(t, write(t, "l.csv", []byte(content)), Default); format != UTF8 || len(faults) > 0 || refused != nil || len(rows) != 60_001 {
			t.Errorf("shift %d: %s, %d rows, %v, %v", shift, format, len(rows), faults, refused)
		}
	}
}

func TestAFileThatIsNoListIsRefusedAsAWhole(t *testing.T) {
	tight := Default
	tight.FileBytes, tight.Rows, tight.Columns, tight.RecordBytes = 1<<20, 5, 10, 4<<10
	for _, c := range []struct {
		name, content string
		code          Code
	}{
		{"empty", "", Empty}, {"blank", " \r\n\r\n", Empty}, {"a mark only", "\ufeff", Empty},
		{"no header", "a,b\n1,2\n", NoHeader}, {"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", OldWorkbook},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", NotText}, {"noise", "姓名,身份证号\n" + string(bytes.Repeat([]byte{0xff, 0x81, 0x20}, 300)), NotText},
		{"a quote that is never closed", list + "\"王五,1,2\n赵六,1,2\n", OpenQuote},
		{"a quote that swallows the rest", list + "\"" + strings.Repeat("王五,1,2\n", 4000), OpenQuote},
		{"text after a quote", list + "\"王五\"x,1,2\n", OpenQuote},
		{"too many rows", "姓名\n" + strings.Repeat("王五\n", 6), TooManyRows}, {"too many columns", "姓名" + strings.Repeat(",a", 10) + "\n", TooManyColumns},
		{"too large", "姓名\n" + strings.Repeat("王五\n", 200_000), TooLarge}, {"a broken zip", "PK\x03\x04 and nothing", Broken},
	} {
		_, _, refused, _ := readAll(t, write(t, "l.csv", []byte(c.content)), tight)
		if refused == nil || refused.Code != c.code || strings.Contains(refused.Text, "%!") || refused.Text == "" {
			t.Errorf("%s: %v, want %s", c.name, refused, c.code)
		}
	}
}

func TestARowThatIsWrongIsToldByLineAndColumnAndTheOthersStand(t *testing.T) {
	wrong := list + "王\xff五,1,2\n赵六,1,2,多出\n钱\"七,1,2\n孙八,锟斤拷锟斤拷,2\n周九," + strings.Repeat("长", 4000) + ",2\n"
	rows, faults, refused, _ := readAll(t, write(t, "l.csv", []byte("\ufeff"+wrong)), Default)
	if refused != nil || len(rows) != 2 {
		t.Fatalf("%v %v", rows, refused)
	}
	var got []string
	for _, f := range faults {
		got = append(got, fmt.Sprint(f.Line, f.Column, f.Code))
		if f.Reason == "" || strings.Contains(f.Reason, "%") {
			t.Errorf("%+v", f)
		}
	}
	want := []string{"5姓名bad_encoding", "6Dbeyond_header", "7Abare_quote", "8身份证号bad_encoding", "9身份证号cell_too_long"}
	for i := range want {
		want[i] = strings.Replace(want[i], "A", "姓名", 1)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") && strings.ReplaceAll(strings.Join(got, " "), " ", "") != strings.ReplaceAll(strings.Join(want, " "), " ", "") {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
}

// workbookOf writes a workbook by excelize.
func workbookOf(t *testing.T, fill func(*excelize.File)) string {
	t.Helper()
	book := excelize.NewFile()
	fill(book)
	path := filepath.Join(t.TempDir(), "l.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func set(t *testing.T, book *excelize.File, line int, cells ...any) {
	t.Helper()
	if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", line), &cells); err != nil {
		t.Fatal(err)
	}
}

func TestAWorkbookIsReadUnderAMergedTitleAndItsOddRowsAreTold(t *testing.T) {
	path := workbookOf(t, func(b *excelize.File) {
		set(t, b, 1, "2026年重病患者名单")
		set(t, b, 3, "姓名", "身份证号", "村(社区)")
		set(t, b, 4, "张三", "370281198001011234", 46086)
		set(t, b, 5, "李四", "1", "x")
		set(t, b, 6, "", "2", "x")
		set(t, b, 8, "王五", "3", "y")
		for _, r := range [][2]string{{"A1", "C1"}, {"A5", "A6"}} {
			if err := b.MergeCell("Sheet1", r[0], r[1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.SetCellFormula("Sheet1", "B8", "=1+2"); err != nil {
			t.Fatal(err)
		}
		set(t, b, 9, "赵六", "4", "z")
	})
	rows, faults, refused, format := readAll(t, path, Default)
	if refused != nil || format != XLSX || len(rows) != 2 || rows[0][2] != "46086" || rows[1][0] != "赵六" {
		t.Fatalf("%q %v %v", rows, faults, refused)
	}
	got := fmt.Sprint(len(faults), faults[0].Line, faults[0].Column, faults[0].Code, faults[1].Line, faults[2].Line, faults[2].Column, faults[2].Code)
	if got != "3 5姓名merged_cell6 8身份证号formula" && strings.ReplaceAll(got, " ", "") != "35姓名merged_cell68身份证号formula" {
		t.Errorf("%s", got)
	}
}

// parts makes a zip of these parts, as a workbook that nobody's program has written.
func parts(t *testing.T, sheetXML io.Reader, more map[string]io.Reader) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "l.xlsx")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(file)
	all := map[string]io.Reader{
		"[Content_Types].xml":        strings.NewReader(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`),
		"_rels/.rels":                strings.NewReader(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		"xl/workbook.xml":            strings.NewReader(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`),
		"xl/_rels/workbook.xml.rels": strings.NewReader(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
		"xl/worksheets/sheet1.xml":   sheetXML,
	}
	for name, r := range more {
		all[name] = r
	}
	for name, r := range all {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// zeros is so many bytes of one letter.
type zeros struct{ left int64 }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.left)
	for i := range n {
		p[i] = 'a'
	}
	z.left -= n
	return int(n), nil
}

const sheetOpen = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>`

func TestABombOrABrokenWorkbookIsRefusedBeforeItIsTaken(t *testing.T) {
	whole := sheetOpen + `<row r="2"><c r="A2" t="inlineStr"><is><t>张三</t></is></c></row></sheetData></worksheet>`
	if rows, _, refused, _ := readAll(t, parts(t, strings.NewReader(whole), nil), Default); refused != nil || len(rows) != 1 || rows[0][0] != "张三" {
		t.Fatalf("the whole one: %v %v", rows, refused)
	}
	large := Default
	large.UnpackedBytes = 8 << 20
	for _, c := range []struct {
		name   string
		path   string
		limits Limits
		code   Code
	}{
		{"a sheet that unpacks without end", parts(t, &zeros{64 << 20}, nil), Default, Bomb},
		{"parts too large together", parts(t, strings.NewReader(whole), map[string]io.Reader{"a": &zeros{5 << 20}, "b": &zeros{5 << 20}}), large, Bomb},
		{"a part held in memory", parts(t, strings.NewReader(whole), map[string]io.Reader{"xl/styles.xml": &zeros{49 << 20}}), Default, Bomb},
		{"a cell without end", parts(t, io.MultiReader(strings.NewReader(sheetOpen+`<row r="2"><c r="A2"><v>`), &zeros{1 << 20}), nil), Default, Bomb},
		{"a sheet that ends early", parts(t, strings.NewReader(sheetOpen), nil), Default, Broken},
		{"XML that breaks in the middle", parts(t, strings.NewReader(strings.Replace(whole, `<row r="2">`, `<row r="2"><x></y>`, 1)), nil), Default, Broken},
		{"no workbook in it", parts(t, strings.NewReader(whole), map[string]io.Reader{"xl/workbook.xml": strings.NewReader("<workbook")}), Default, Broken},
		{"days from 1904", parts(t, strings.NewReader(whole), map[string]io.Reader{"xl/workbook.xml": strings.NewReader(`<workbook><workbookPr date1904="1"/></workbook>`)}), Default, Epoch1904},
	} {
		before := allocated()
		rows, _, refused, _ := readAll(t, c.path, c.limits)
		if refused == nil || refused.Code != c.code {
			t.Errorf("%s: %v, want %s", c.name, refused, c.code)
		}
		if len(rows) > 0 && c.name != "XML that breaks in the middle" {
			t.Errorf("%s gave rows: %v", c.name, rows)
		}
		if grown := allocated() - before; grown > 16<<20 {
			t.Errorf("%s took %d MB", c.name, grown>>20)
		}
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// A file of 1 GB (with holes, so that it takes no disk) is refused by its size, and
// one without end within the limit by its rows, neither of them held in memory.
func TestAHugeFileIsRefusedWithoutBeingHeld(t *testing.T) {
	path := write(t, "huge.csv", []byte(list))
	if err := os.Truncate(path, 1<<30); err != nil {
		t.Fatal(err)
	}
	before := allocated()
	if _, _, refused, _ := readAll(t, path, Default); refused == nil || refused.Code != TooLarge {
		t.Errorf("%v", refused)
	}
	if grown := allocated() - before; grown > 1<<20 {
		t.Errorf("took %d KB", grown>>10)
	}
}

func TestWhatIsWrittenIsNoFormulaAndComesBackTheSame(t *testing.T) {
	cells := [][]string{{"姓名", "身份证号", "村(社区)"}, {"=HYPERLINK(\"http://x\")", "370281198001011234", "-5"}, {"+86 532", "@x", "－2"}, {"'张", "a,\"b\"\nc", "'=1"}}
	for _, kind := range []string{"csv", "xlsx"} {
		path := filepath.Join(t.TempDir(), "out."+kind)
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		make := NewCSV
		if kind == "xlsx" {
			make = NewXLSX
		}
		w, err := make(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range cells {
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(w.Close(), file.Close()); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if kind == "csv" && (bytes.Contains(raw, []byte("\n=")) || bytes.Contains(raw, []byte(",@")) || bytes.Contains(raw, []byte("\n+"))) {
			t.Errorf("a formula in %s", raw)
		}
		rows, faults, refused, _ := readAll(t, path, Default)
		if len(rows) != 3 || len(faults) > 0 || refused != nil {
			t.Fatalf("%s: %q %v %v", kind, rows, faults, refused)
		}
		for i := range rows {
			want := cells[i+1]
			if i == 2 {
				want = []string{"'张", "a,\"b\"\nc", "=1"} // an apostrophe before a formula is the guard's
			}
			if !slices.Equal(rows[i], want) {
				t.Errorf("%s: %q, want %q", kind, rows[i], want)
			}
		}
	}
}
