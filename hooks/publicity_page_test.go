package hooks

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// posted hangs a notice out for a scene, and answers its id.
func (s *site) posted(sc *scene) (notice string) {
	s.t.Helper()
	staged(5, func(p *papers) string { notice = p.notice; return "" }, nil)(s, "county", sc)
	return notice
}

func TestWhatHangsOnTheWallIsPrintedWithItsCodeAndNothingOfAPerson(t *testing.T) {
	on := twoScenes(newSite(t))
	s := on.site
	notice := s.posted(on.own)
	far := s.posted(on.far)
	page := func(who, query string) string {
		r := s.ask(who, "GET", consolePrefix+"/publicity/page?"+query, nil)
		if r.status != 200 || !strings.Contains(r.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Fatalf("%s: %d %s", query, r.status, r.body)
		}
		return string(r.body)
	}
	number := s.items("county", consolePrefix+"/publicity")[0]["number"].(string)
	if !regexp.MustCompile(`^\d{8}-[0-9A-F]{6}$`).MatchString(number) {
		t.Errorf("a notice is called %q", number)
	}
	list := page("town", "layout=list")
	if strings.Count(list, "<svg") != 1 || !strings.Contains(list, "<td>1</td>") || !strings.Contains(list, "共1条") || strings.Contains(list, far) {
		t.Errorf("the town's list: %s", list)
	}
	if got := page("county", "layout=list"); strings.Count(got, "<svg") != 2 {
		t.Errorf("the county's list has %d codes", strings.Count(got, "<svg"))
	}
	if got := page("county", "layout=list&area="+farVillage); strings.Count(got, "<svg") != 1 {
		t.Errorf("a village's list has %d codes", strings.Count(got, "<svg"))
	}
	large := page("town", "layout=large&notice="+notice)
	for _, want := range []string{`<body class="big">`, "公　示", `aria-label="GS `, "监督电话"} {
		if !strings.Contains(large, want) {
			t.Errorf("the large notice has no %q", want)
		}
	}
	if !strings.Contains(consoleCSP, styleHash(large)) || styleHash(large) != styleHash(list) {
		t.Errorf("the console does not let the notice's style in: %s", styleHash(large))
	}
	for _, never := range []string{wifeNumber, "13900000001", "身份证号："} {
		if strings.Contains(large+list, never) {
			t.Errorf("on paper there is %q", never)
		}
	}
	s.server.Address = "https://jz.example/"
	if got := page("town", "layout=large&notice="+notice); !strings.Contains(got, `aria-label="https://jz.example/console/publicity/`+notice+`?n=`) {
		t.Errorf("the code leads nowhere: %s", got)
	}
	if r := s.ask("town", "GET", consolePrefix+"/publicity/page?layout=large&notice="+far, nil); r.status != 404 {
		t.Errorf("another town's notice: %d", r.status)
	}
	if got := s.audited("publicity.print"); len(got) != 5 {
		t.Errorf("what was printed is not in the log: %v", got)
	}
}

// A code is drawn with the quiet zone that readers need, its three marks in their corners,
// and every module inside it.
func TestACodeHasItsMarksAndItsQuietZone(t *testing.T) {
	drawn, err := codeOf("GS 20261126-3F9A2C", "30mm")
	if err != nil {
		t.Fatal(err)
	}
	box := regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)"`).FindStringSubmatch(string(drawn))
	side, err := strconv.Atoi(box[1])
	if err != nil || box[1] != box[2] || (side-8-17)%4 != 0 {
		t.Fatalf("a code of %v modules with its border: %v", box, err)
	}
	dark := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h1`).FindAllStringSubmatch(string(drawn), -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		if x < 4 || y < 4 || x >= side-4 || y >= side-4 {
			t.Errorf("a module stands in the quiet zone: %d %d", x, y)
		}
		dark[[2]int{x, y}] = true
	}
	last := side - 5
	for _, corner := range [][2]int{{4, 4}, {last - 6, 4}, {4, last - 6}} {
		for i := range 7 {
			if !dark[[2]int{corner[0] + i, corner[1]}] || !dark[[2]int{corner[0], corner[1] + i}] || !dark[[2]int{corner[0] + i, corner[1] + 6}] || !dark[[2]int{corner[0] + 6, corner[1] + i}] {
				t.Fatalf("no mark in the corner %v", corner)
			}
		}
	}
	if n := len(dark); n < side || n > side*side*6/10 {
		t.Errorf("%d dark modules", n)
	}
}
